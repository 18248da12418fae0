import type { KubeObject } from "@bookmesh/kube-api";
import { validateObject } from "@bookmesh/kube-validation";
import { describeIssue } from "@bookmesh/kube-model";
import { describe, expect, it } from "vitest";
import { decodeObject } from "../decode/decode-object.ts";
import { defaultObject } from "../default-object.ts";
import { builtInKinds } from "../kinds/built-in-kinds.ts";
import { customKinds } from "./custom-kinds.ts";

const eitherXOrY = [{ required: ["x"] }, { required: ["y"] }];
const xAndY = { x: { type: "string" }, y: { type: "string" } };
const specSchema = {
  type: "object",
  required: ["host"],
  properties: {
    host: { type: "string", minLength: 2, maxLength: 5, pattern: "^a" },
    n: { type: "integer", minimum: 1, maximum: 10 },
    mode: { type: "string", enum: ["A", "B"], default: "A" },
    list: { type: "array", minItems: 1, maxItems: 2, items: { type: "string" } },
    set: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
    map: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, v: { type: "integer", default: 3 } },
      },
    },
    one: { type: "object", oneOf: eitherXOrY, properties: xAndY },
    any: { type: "object", anyOf: eitherXOrY, properties: xAndY },
    none: { type: "object", not: { required: ["x"] }, properties: xAndY },
    number: { "x-kubernetes-int-or-string": true },
    open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    time: { type: "string", format: "date-time" },
    labels: { type: "object", additionalProperties: { type: "string" } },
    nothing: { type: "string", nullable: true },
  },
};

const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: {
      plural: "widgets",
      kind: "Widget",
      singular: "widget",
      listKind: "WidgetList",
      shortNames: ["wd"],
    },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: { status: {}, scale: { specReplicasPath: ".spec.n", statusReplicasPath: ".status.n" } },
        additionalPrinterColumns: [
          { name: "Host", type: "string", jsonPath: ".spec.host" },
          { name: "First", type: "string", jsonPath: '.spec.map[?(@.name=="a")].v', priority: 1 },
          { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
        ],
        schema: { openAPIV3Schema: { type: "object", properties: { spec: specSchema } } },
      },
      { name: "v0", served: false, storage: false, schema: { openAPIV3Schema: { type: "object" } } },
    ],
  },
};

const [widget = expect.fail()] = customKinds(definition);

function read(spec: unknown): { readonly object: KubeObject; readonly strictProblems: readonly string[] } {
  const body = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" }, spec };
  const decoded = decodeObject(widget, body);
  if (!decoded.ok) return expect.fail(decoded.error);
  return { ...decoded.value, object: defaultObject(widget, decoded.value.object) };
}

const issuesOf = (spec: unknown) => validateObject(widget, read(spec).object).map(describeIssue);

describe("customKinds", () => {
  it("makes a row of every served version", () => {
    expect(customKinds(definition)).toHaveLength(1);
    expect(widget).toMatchObject({
      group: "example.com",
      version: "v1",
      plural: "widgets",
      shortNames: ["wd"],
      subresources: ["scale", "status"],
      scale: { specReplicasPath: ".spec.n", statusReplicasPath: ".status.n" },
    });
  });

  it.each([
    {
      spec: { host: 1 },
      issue: 'spec.host: Invalid value: "integer": spec.host in body must be of type string: "integer"',
    },
    { spec: {}, issue: "spec.host: Required value" },
    { spec: { host: null }, issue: "spec.host: Required value" },
    {
      spec: { host: "b" },
      issue: 'spec.host: Invalid value: "b": spec.host in body should be at least 2 chars long',
    },
    { spec: { host: "bb" }, issue: "spec.host: Invalid value: \"bb\": spec.host in body should match '^a'" },
    { spec: { host: "abcdef" }, issue: "spec.host: Too long: may not be more than 5 bytes" },
    {
      spec: { host: "ab", n: 0 },
      issue: "spec.n: Invalid value: 0: spec.n in body should be greater than or equal to 1",
    },
    {
      spec: { host: "ab", mode: "C" },
      issue: 'spec.mode: Unsupported value: "C": supported values: "A", "B"',
    },
    {
      spec: { host: "ab", list: [] },
      issue: "spec.list: Invalid value: 0: spec.list in body should have at least 1 items",
    },
    {
      spec: { host: "ab", list: ["a", "b", "c"] },
      issue: "spec.list: Too many: 3: must have at most 2 items",
    },
    { spec: { host: "ab", set: ["a", "a"] }, issue: 'spec.set[1]: Duplicate value: "a"' },
    {
      spec: { host: "ab", map: [{ name: "a" }, { name: "a" }] },
      issue: 'spec.map[1]: Duplicate value: {"name":"a"}',
    },
    {
      spec: { host: "ab", one: { x: "1", y: "2" } },
      issue:
        '<nil>: Invalid value: "": "spec.one" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    },
    {
      spec: { host: "ab", none: { x: "1" } },
      issue: '<nil>: Invalid value: "": "spec.none" must not validate the schema (not)',
    },
    {
      spec: { host: "ab", number: true },
      issue:
        'spec.number: Invalid value: "boolean": spec.number in body must be of type integer,string: "boolean"',
    },
    {
      spec: { host: "ab", time: "x" },
      issue: 'spec.time: Invalid value: "x": spec.time in body must be of type date-time: "x"',
    },
    {
      spec: { host: "ab", labels: { a: 1 } },
      issue:
        'spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer"',
    },
  ])("refuses $spec", ({ spec, issue }) => {
    expect(issuesOf(spec)).toEqual([issue]);
  });

  it("says which branch of anyOf was nearest", () => {
    expect(issuesOf({ host: "ab", any: {} })).toEqual([
      '<nil>: Invalid value: "": "spec.any" must validate at least one schema (anyOf)',
      "spec.any.x: Required value",
    ]);
  });

  it("fills defaults, also inside list entries, and drops nulls that the schema does not allow", () => {
    const { object } = read({ host: "ab", mode: null, nothing: null, map: [{ name: "a" }] });
    expect(object["spec"]).toEqual({ host: "ab", mode: "A", nothing: null, map: [{ name: "a", v: 3 }] });
  });

  it("prunes unknown fields and names them", () => {
    const { object, strictProblems } = read({ host: "ab", foo: 1, open: { z: 1 }, one: { x: "1", q: 2 } });
    expect(strictProblems).toEqual(['unknown field "spec.foo"', 'unknown field "spec.one.q"']);
    expect(object["spec"]).toEqual({ host: "ab", mode: "A", open: { z: 1 }, one: { x: "1" } });
  });

  it("prints the columns of its version", () => {
    const object = {
      ...read({ host: "ab", map: [{ name: "a" }] }).object,
      metadata: { name: "w", creationTimestamp: "2026-01-01T00:00:00Z" },
    };
    expect(widget.printer.columns.map(({ name, priority }) => [name, priority])).toEqual([
      ["Name", 0],
      ["Host", 0],
      ["First", 1],
      ["Age", 0],
    ]);
    expect(widget.printer.cells(object, Date.parse("2026-01-01T00:05:00Z"))).toEqual(["w", "ab", "3", "5m"]);
  });
});

describe("a CustomResourceDefinition", () => {
  const kind = builtInKinds().find((row) => row.kind === "CustomResourceDefinition") ?? expect.fail();
  const issuesWith = (spec: object) => {
    const object = { ...definition, spec: { ...definition.spec, ...spec } };
    return validateObject(kind, defaultObject(kind, object)).map(describeIssue);
  };
  const versionWith = (openAPIV3Schema: object) => ({
    versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema } }],
  });

  it("is accepted as it is", () => {
    expect(issuesWith({})).toEqual([]);
  });

  it.each([
    {
      name: "a name that is not plural and group",
      spec: { group: "example.org" },
      issue: 'metadata.name: Invalid value: "widgets.example.com": must be spec.names.plural+"."+spec.group',
    },
    {
      name: "a field without type",
      spec: versionWith({ type: "object", properties: { a: {} } }),
      issue:
        "spec.versions[0].schema.openAPIV3Schema.properties[a].type: Required value: must not be empty for specified object fields",
    },
    {
      name: "a type that does not exist",
      spec: versionWith({ type: "object", properties: { a: { type: "foo" } } }),
      issue:
        'spec.versions[0].schema.openAPIV3Schema.properties[a].type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string"',
    },
    {
      name: "a scope that does not exist",
      spec: { scope: "Galaxy" },
      issue: 'spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"',
    },
  ])("is refused with $name", ({ spec, issue }) => {
    expect(issuesWith(spec)).toEqual([issue]);
  });
});
