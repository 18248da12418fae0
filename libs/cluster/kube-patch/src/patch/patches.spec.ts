import { builtInKinds } from "@bookmesh/kube-schema";
import { describe, expect, it } from "vitest";
import { applyJsonPatch } from "./json-patch.ts";
import { applyMergePatch } from "./merge-patch.ts";
import { applyStrategicMergePatch } from "./strategic-merge-patch.ts";

const valueOf = <T>(result: { readonly ok: boolean; readonly value?: T }): T | undefined => result.value;

describe("applyJsonPatch", () => {
  const target = Object.freeze({ a: Object.freeze([1, 2]), b: Object.freeze({ c: "d" }) });

  it.each([
    { op: { op: "add", path: "/a/-", value: 3 }, expected: { a: [1, 2, 3], b: { c: "d" } } },
    { op: { op: "add", path: "/a/0", value: 0 }, expected: { a: [0, 1, 2], b: { c: "d" } } },
    { op: { op: "remove", path: "/a/1" }, expected: { a: [1], b: { c: "d" } } },
    { op: { op: "replace", path: "/b/c", value: "e" }, expected: { a: [1, 2], b: { c: "e" } } },
    { op: { op: "move", from: "/b/c", path: "/e" }, expected: { a: [1, 2], b: {}, e: "d" } },
    { op: { op: "copy", from: "/b", path: "/e" }, expected: { a: [1, 2], b: { c: "d" }, e: { c: "d" } } },
    { op: { op: "test", path: "/b", value: { c: "d" } }, expected: { a: [1, 2], b: { c: "d" } } },
    { op: { op: "add", path: "/x~1y~0z", value: 1 }, expected: { a: [1, 2], b: { c: "d" }, "x/y~z": 1 } },
  ])("does $op", ({ op, expected }) => {
    expect(applyJsonPatch(target, [op])).toEqual({ ok: true, value: expected });
  });

  it.each([
    { name: "a test that fails", op: { op: "test", path: "/b/c", value: "x" } },
    { name: "a missing parent", op: { op: "add", path: "/x/y", value: 1 } },
    { name: "an index beyond the end", op: { op: "add", path: "/a/5", value: 1 } },
    { name: "removing what is not there", op: { op: "remove", path: "/x" } },
    { name: "an operation that does not exist", op: { op: "merge", path: "/a" } },
    { name: "a path without a slash", op: { op: "add", path: "a", value: 1 } },
    { name: "moving something into itself", op: { op: "move", from: "/b", path: "/b/c" } },
    { name: "a step to the prototype", op: { op: "add", path: "/__proto__/x", value: 1 } },
  ])("refuses $name with 422", ({ op }) => {
    expect(applyJsonPatch(target, [op])).toMatchObject({ ok: false, error: { code: 422 } });
  });

  it("refuses more than 10,000 operations with 413", () => {
    const patch = Array.from({ length: 10_001 }, () => ({ op: "test", path: "", value: {} }));
    expect(applyJsonPatch({}, patch)).toMatchObject({ ok: false, error: { code: 413 } });
  });

  it("refuses copies that double a document without end", () => {
    const patch = Array.from({ length: 64 }, (_, step) => ({ op: "copy", from: "", path: `/copy${step}` }));
    expect(applyJsonPatch({ text: "x".repeat(1_000) }, patch)).toMatchObject({ ok: false });
  });
});

describe("a patch that is nested without end", () => {
  const deep: unknown = JSON.parse("[".repeat(5_000) + "]".repeat(5_000));

  it.each([
    { name: "JSON patch", apply: () => applyJsonPatch({}, [{ op: "add", path: "/a", value: deep }]) },
    { name: "merge patch", apply: () => applyMergePatch({}, { a: deep }) },
    { name: "strategic merge patch", apply: () => applyStrategicMergePatch({}, {}, { a: deep }) },
  ])("is refused as $name", ({ apply }) => {
    expect(apply()).toMatchObject({ ok: false, error: { code: 400 } });
  });
});

describe("applyMergePatch", () => {
  it("removes by null, merges objects, replaces lists", () => {
    const target = { a: { b: 1, c: 2 }, list: [1, 2] };
    expect(applyMergePatch(target, { a: { b: null, d: { e: null, f: 1 } }, list: [3] })).toEqual({
      ok: true,
      value: { a: { c: 2, d: { f: 1 } }, list: [3] },
    });
  });

  it("refuses a patch that is no object", () => {
    expect(applyMergePatch({}, [])).toMatchObject({ ok: false, error: { code: 400 } });
  });
});

describe("applyStrategicMergePatch", () => {
  const schema = builtInKinds().find(({ kind }) => kind === "Pod")?.schema ?? expect.fail();
  const pod = {
    metadata: { finalizers: ["a/b", "c/d"], labels: { x: "y" } },
    spec: {
      containers: [
        { name: "app", image: "v1", env: [{ name: "A", value: "1" }] },
        { name: "proxy", image: "p" },
      ],
    },
  };
  const containersAfter = (spec: object) => {
    const patched = valueOf(applyStrategicMergePatch(schema, pod, { spec }));
    return (patched as typeof pod).spec.containers;
  };

  it.each([
    {
      name: "merges list entries by key",
      spec: { containers: [{ name: "app", image: "v2", env: [{ name: "B", value: "2" }] }] },
      expected: [
        {
          name: "app",
          image: "v2",
          env: [
            { name: "B", value: "2" },
            { name: "A", value: "1" },
          ],
        },
        { name: "proxy", image: "p" },
      ],
    },
    {
      name: "keeps the order of entries that were there",
      spec: { containers: [{ name: "proxy", image: "q" }] },
      expected: [pod.spec.containers[0], { name: "proxy", image: "q" }],
    },
    {
      name: "adds an entry with a new key before the others",
      spec: { containers: [{ name: "third", image: "t" }] },
      expected: [{ name: "third", image: "t" }, ...pod.spec.containers],
    },
    {
      name: "deletes an entry",
      spec: { containers: [{ name: "app", $patch: "delete" }] },
      expected: [{ name: "proxy", image: "p" }],
    },
    {
      name: "replaces a whole list",
      spec: { containers: [{ $patch: "replace" }, { name: "only", image: "o" }] },
      expected: [{ name: "only", image: "o" }],
    },
    {
      name: "puts entries into an order",
      spec: { "$setElementOrder/containers": [{ name: "proxy" }, { name: "app" }] },
      expected: [pod.spec.containers[1], pod.spec.containers[0]],
    },
  ])("$name", ({ spec, expected }) => {
    expect(containersAfter(spec)).toEqual(expected);
  });

  it("deletes values from a list of texts, and merges new ones", () => {
    const patch = { metadata: { "$deleteFromPrimitiveList/finalizers": ["a/b"], finalizers: ["e/f"] } };
    expect(valueOf(applyStrategicMergePatch(schema, pod, patch))).toMatchObject({
      metadata: { finalizers: ["c/d", "e/f"] },
    });
  });

  it("keeps only the fields that $retainKeys names", () => {
    const patch = { metadata: { $retainKeys: ["labels"] } };
    expect(valueOf(applyStrategicMergePatch(schema, pod, patch))).toMatchObject({
      metadata: { labels: { x: "y" } },
    });
  });

  it("refuses an entry without its key", () => {
    const patch = { spec: { containers: [{ image: "x" }] } };
    expect(applyStrategicMergePatch(schema, pod, patch)).toMatchObject({ ok: false, error: { code: 400 } });
  });
});
