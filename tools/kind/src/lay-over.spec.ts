import { describe, expect, it } from "vitest";
import { layOver } from "./lay-over.ts";

describe("layOver", () => {
  it.each([
    { name: "the upper value holds", lower: 1, upper: 2, expected: 2 },
    { name: "nothing leaves the lower value", lower: { a: 1 }, upper: undefined, expected: { a: 1 } },
    {
      name: "objects are joined key by key",
      lower: { a: 1, b: { c: 2, d: 3 } },
      upper: { b: { c: 4 }, e: 5 },
      expected: { a: 1, b: { c: 4, d: 3 }, e: 5 },
    },
    {
      name: "lists are joined place by place",
      lower: { nodes: [{ role: "control-plane", ports: [1] }] },
      upper: { nodes: [{ image: "x" }, { role: "worker" }] },
      expected: { nodes: [{ role: "control-plane", ports: [1], image: "x" }, { role: "worker" }] },
    },
    { name: "a list replaces what is none", lower: {}, upper: [1], expected: [1] },
  ])("$name", ({ lower, upper, expected }) => {
    expect(layOver(lower, upper)).toEqual(expected);
  });
});
