import { describe, expect, it } from "vitest";
import { readOptions } from "./options.ts";

const BASE = { BOOKMESH_BASE_ROOT: "/base" };

describe("readOptions", () => {
  it.each([
    { name: "an engine builds where no base is given", args: [], env: {}, expected: { builder: "engine" } },
    { name: "our own writer builds from a base", args: [], env: BASE, expected: { builder: "own" } },
    {
      name: "only an engine pushes",
      args: ["--push"],
      env: BASE,
      expected: { builder: "engine", push: true },
    },
    {
      name: "the command line comes before the environment",
      args: ["--base", "/other", "--init-base", "/init"],
      env: BASE,
      expected: { roots: { node: "/other", init: "/init" } },
    },
  ])("$name", ({ args, env, expected }) => {
    const options = readOptions(args, env);
    expect(options.ok && options.value).toMatchObject(expected);
  });

  it.each([
    { args: ["rating-service"], ids: ["rating-service-v1", "rating-service-v2"] },
    { args: ["rating-service-v2", "istio-init"], ids: ["rating-service-v2", "istio-init"] },
  ])("finds the images of $args", ({ args, ids }) => {
    const options = readOptions(args, {});
    expect(options.ok && options.value.images.map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    { args: ["tea"], sentence: "There is no image tea; there are: control-plane" },
    { args: ["--load", "moon"], sentence: "Images cannot be loaded into moon, only into: cluster, kind." },
    { args: ["--builder", "hand"], sentence: "There is no builder hand" },
    { args: ["--push", "--builder", "own"], sentence: "Only an engine can push images" },
    { args: ["--quick"], sentence: "Unknown option '--quick'" },
  ])("refuses $args", ({ args, sentence }) => {
    const options = readOptions(args, {});
    expect(options.ok ? "" : options.error).toContain(sentence);
  });
});
