import { describe, expect, it } from "vitest";
import { withLastApplied } from "./last-applied.ts";
import { parseManifests } from "./manifests.ts";

describe("parseManifests", () => {
  it("reads several documents, takes lists apart and skips empty ones", () => {
    const text = `
apiVersion: v1
kind: ConfigMap
metadata: { name: one }
---
# nothing
---
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: ConfigMap, metadata: { name: two } }
`;
    expect(parseManifests(text, "f").map(({ object }) => object.metadata.name)).toEqual(["one", "two"]);
  });

  it.each([
    { name: "broken YAML", text: "a: [", problem: "f is not YAML" },
    { name: "a bare word", text: "hello", problem: "f holds a document that is not an object." },
    { name: "no kind", text: "apiVersion: v1", problem: 'f holds an object without "kind".' },
    {
      name: "no name",
      text: "{apiVersion: v1, kind: Pod}",
      problem: 'f holds a Pod without "metadata.name".',
    },
  ])("refuses $name", ({ text, problem }) => {
    expect(() => parseManifests(text, "f")).toThrow(problem);
  });
});

describe("withLastApplied", () => {
  it("notes the object byte for byte as kubectl does", () => {
    const object = {
      kind: "ConfigMap",
      apiVersion: "v1",
      metadata: { name: "a" },
      data: { b: "<&>", a: "1" },
    };
    expect(
      withLastApplied(object).metadata.annotations?.["kubectl.kubernetes.io/last-applied-configuration"],
    ).toBe(
      '{"apiVersion":"v1","data":{"a":"1","b":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap",' +
        '"metadata":{"annotations":{},"name":"a"}}\n',
    );
  });
});
