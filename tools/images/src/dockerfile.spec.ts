import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerfile } from "./dockerfile.ts";
import { IMAGES, type Image } from "./images.ts";
import { PROJECT } from "./project.ts";

describe("dockerfile", () => {
  it.each<Image>(IMAGES)("is what deploy/images holds for $id", (image) => {
    const file = join(PROJECT, "deploy/images", `${image.id}.Dockerfile`);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(dockerfile(image));
  });

  it.each<Image>(IMAGES)("starts $id without a shell, as a user told by number", (image) => {
    const lines = dockerfile(image).split("\n");
    expect(lines.findLast((line) => line.startsWith("USER"))).toMatch(/^USER \d+:\d+$/);
    expect(lines.at(-2)).toMatch(/^ENTRYPOINT \["node",.*"\/app\/[a-z-]+\.mjs"\]$/);
  });
});
