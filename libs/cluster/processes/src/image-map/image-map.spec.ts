import { describe, expect, it } from "vitest";
import { fillTemplate, findImage, imageTag, readImageMap } from "./image-map.ts";

describe("findImage", () => {
  const map = [
    { image: "*/rating-service:v2*", command: ["two"] },
    { image: "*/rating-service*", command: ["one"] },
    { image: "redis", command: ["redis"] },
  ];
  it.each([
    { image: "bookmesh/rating-service:v1.0.0", program: "one" },
    { image: "quay.io/lordofthejars/rating-service:v2.0.0", program: "two" },
    { image: "bookmesh/rating-service", program: "one" },
    { image: "docker.io/library/redis", program: "redis" },
    { image: "rating-service", program: undefined },
    { image: "redisx", program: undefined },
  ])("takes $program for $image", ({ image, program }) => {
    expect(findImage(map, image)?.command[0]).toBe(program);
  });
});

describe("imageTag", () => {
  it.each([
    { image: "a/b:v1", tag: "v1" },
    { image: "localhost:5000/b", tag: "latest" },
  ])("of $image is $tag", ({ image, tag }) => {
    expect(imageTag(image)).toBe(tag);
  });
});

describe("fillTemplate", () => {
  it("fills known names and leaves the others", () => {
    expect(fillTemplate("{dist}/a {other}", { dist: "/d" })).toBe("/d/a {other}");
  });
});

describe("readImageMap", () => {
  it.each([
    { name: "nothing", document: null, result: { ok: true, value: [] } },
    {
      name: "an entry",
      document: { images: [{ image: "a", command: ["b"], env: { PORT: 80 } }] },
      result: { ok: true, value: [{ image: "a", command: ["b"], env: { PORT: "80" } }] },
    },
    {
      name: "no list",
      document: { image: "a" },
      result: { ok: false, error: 'map.yml must have a list named "images".' },
    },
    {
      name: "a command that is no list",
      document: { images: [{ image: "a", command: "b" }] },
      result: {
        ok: false,
        error: 'map.yml: images[0] must have an "image" (text) and a "command" (list of texts).',
      },
    },
  ])("reads $name", ({ document, result }) => {
    expect(readImageMap(document, "map.yml")).toEqual(result);
  });
});
