import { describe, expect, it } from "vitest";
import { builtInKinds } from "../kinds/built-in-kinds.ts";
import { decodeObject } from "./decode-object.ts";
import { duplicateFields } from "./duplicate-fields.ts";

const kindOf = (plural: string) => builtInKinds().find((kind) => kind.plural === plural) ?? expect.fail();
const deployment = kindOf("deployments");
const prefix = 'Deployment in version "v1" cannot be handled as a Deployment: ';

describe("decodeObject", () => {
  it.each([
    {
      name: "a text for a number",
      body: { spec: { replicas: "a" } },
      error: "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
    },
    {
      name: "a fraction",
      body: { spec: { replicas: 1.5 } },
      error:
        "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
    },
    {
      name: "a number as a label",
      body: { metadata: { name: "x", labels: { a: 1 } } },
      error: "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
    },
    {
      name: "an object for a list",
      body: { spec: { template: { spec: { containers: {} } } } },
      error:
        "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container",
    },
    {
      name: "a quantity that is none",
      body: { spec: { template: { spec: { containers: [{ resources: { limits: { cpu: "zz" } } }] } } } },
      error: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    },
  ])("refuses $name", ({ body, error }) => {
    expect(decodeObject(deployment, body)).toEqual({ ok: false, error: prefix + error });
  });

  it("names unknown fields and leaves them out", () => {
    const body = {
      spec: { foo: 1, template: { spec: { containers: [{ name: "a", bar: 2 }] } } },
    };
    expect(decodeObject(deployment, body)).toEqual({
      ok: true,
      value: {
        object: {
          apiVersion: "apps/v1",
          kind: "Deployment",
          metadata: { name: "" },
          spec: { template: { spec: { containers: [{ name: "a" }] } } },
        },
        strictProblems: ['unknown field "spec.foo"', 'unknown field "spec.template.spec.containers[0].bar"'],
      },
    });
  });

  it("refuses another kind", () => {
    expect(decodeObject(deployment, { apiVersion: "apps/v1", kind: "ReplicaSet" }).ok).toBe(false);
  });

  it("drops nulls", () => {
    const decoded = decodeObject(kindOf("configmaps"), { metadata: { name: "x" }, data: null });
    expect(decoded.ok && "data" in decoded.value.object).toBe(false);
  });

  it("refuses a body that is nested without end", () => {
    let schema: object = { type: "object" };
    for (let depth = 0; depth < 5_000; depth += 1) schema = { type: "object", properties: { a: schema } };
    const body = { spec: { versions: [{ name: "v1", schema: { openAPIV3Schema: schema } }] } };
    expect(decodeObject(kindOf("customresourcedefinitions"), body).ok).toBe(false);
  });
});

describe("duplicateFields", () => {
  it.each([
    { json: '{"a":1,"b":{"a":1}}', duplicates: [] },
    { json: '{"a":1,"a":2}', duplicates: ["a"] },
    { json: '{"spec":{"c":[{"n":"x"},{"n":"{\\"n\\":","n" : 2}]}}', duplicates: ["spec.c[1].n"] },
  ])("finds $duplicates in $json", ({ json, duplicates }) => {
    expect(duplicateFields(json)).toEqual(duplicates);
  });
});
