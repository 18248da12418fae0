import { describe, expect, it } from "vitest";
import { itemKeyFor } from "./item-keys.ts";
import { mergePatchOf, threeWayMerge } from "./three-way-merge.ts";

describe("threeWayMerge", () => {
  it.each([
    {
      name: "keeps what others added, and removes what its author removed",
      original: { a: 1, b: 2 },
      modified: { a: 1 },
      current: { a: 1, b: 2, status: "fine" },
      expected: { a: 1, status: "fine" },
    },
    {
      name: "puts back what somebody else changed",
      original: { a: 1 },
      modified: { a: 1 },
      current: { a: 9 },
      expected: { a: 1 },
    },
    {
      name: "takes null as absence",
      original: { a: 1 },
      modified: { a: null },
      current: { a: 1 },
      expected: {},
    },
    {
      name: "keeps defaults inside a list that its author left alone",
      original: { http: [{ host: "a" }] },
      modified: { http: [{ host: "a" }] },
      current: { http: [{ host: "a", weight: 100 }] },
      expected: { http: [{ host: "a", weight: 100 }] },
    },
    {
      name: "replaces a list from which its author took a field",
      original: { http: [{ host: "a", retries: 3 }] },
      modified: { http: [{ host: "a" }] },
      current: { http: [{ host: "a", retries: 3 }] },
      expected: { http: [{ host: "a" }] },
    },
    {
      name: "merges containers by name: the author's order, then what others added",
      original: { containers: [{ name: "gone" }, { name: "app", image: "1" }] },
      modified: { containers: [{ name: "new" }, { name: "app", image: "2" }] },
      current: { containers: [{ name: "other" }, { name: "gone" }, { name: "app", image: "1", tty: true }] },
      expected: { containers: [{ name: "new" }, { name: "app", image: "2", tty: true }, { name: "other" }] },
    },
    {
      name: "keeps the node port that the server chose for a port",
      original: { ports: [{ port: 80 }] },
      modified: { ports: [{ port: 80, name: "http" }] },
      current: { ports: [{ port: 80, protocol: "TCP", nodePort: 31304 }] },
      expected: { ports: [{ port: 80, name: "http", protocol: "TCP", nodePort: 31304 }] },
    },
  ])("$name", ({ original, modified, current, expected }) => {
    expect(threeWayMerge({ original, modified, current }, itemKeyFor("v1"))).toEqual(expected);
  });

  it("takes the lists of custom resources as one value", () => {
    const ports = (name: string) => ({ ports: [{ port: 80, name }] });
    const input = { original: ports("a"), modified: { ports: [{ port: 80 }] }, current: ports("a") };
    expect(threeWayMerge(input, itemKeyFor("networking.istio.io/v1"))).toEqual({ ports: [{ port: 80 }] });
  });
});

describe("mergePatchOf", () => {
  it.each([
    { name: "nothing for equals", from: { a: { b: [1] } }, to: { a: { b: [1] } }, expected: undefined },
    { name: "null for what goes", from: { a: 1, b: 2 }, to: { a: 1 }, expected: { b: null } },
    {
      name: "only what differs inside",
      from: { a: { b: 1, c: 2 } },
      to: { a: { b: 1, c: 3 } },
      expected: { a: { c: 3 } },
    },
    { name: "lists whole", from: { a: [1, 2] }, to: { a: [1, 3] }, expected: { a: [1, 3] } },
  ])("says $name", ({ from, to, expected }) => {
    expect(mergePatchOf(from, to)).toEqual(expected);
  });
});
