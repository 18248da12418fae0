import type { KubeObject } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { ruledKinds } from "./ruled-kinds.ts";
import { timeLimit } from "./time-limit.ts";

function definition(rule: string): KubeObject {
  const schema = {
    type: "object",
    properties: { color: { type: "string" } },
    "x-kubernetes-validations": [{ rule }],
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "slows.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "slows", singular: "slow", kind: "Slow", listKind: "SlowList" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}

describe("rules that take too long", () => {
  it("are ended, and hold up nobody else", () => {
    const kinds = (pattern: string, limitMs: number) =>
      ruledKinds(definition(`self.color.matches('${pattern}')`), timeLimit(limitMs));
    const [endless = expect.fail()] = kinds("^(a+)+$", 20);
    const [quick = expect.fail()] = kinds("^a+b$", 60_000);
    const object = { apiVersion: "example.com/v1", kind: "Slow", metadata: { name: "a" } };
    const colored = { ...object, color: `${"a".repeat(64)}b` };
    expect(quick.judge?.(colored)).toEqual([]);
    const [tooCostly] = endless.judge?.(colored) ?? [];
    expect(tooCostly?.message).toMatch(/running out of cost budget/);
    expect(quick.judge?.(colored)).toEqual([]);
  });
});
