import { describe, expect, it } from "vitest";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { ruleStatuses } from "./rule-statuses.ts";

const RULES = RESOURCES.virtualServices;

const rule = (name: string, reason?: string, kind: string = RULES.kind): KubeObject => ({
  apiVersion: "networking.istio.io/v1",
  kind,
  metadata: { name, namespace: "default" },
  spec: {},
  ...(reason !== undefined && { status: { conditions: [{ reason }] } }),
});

describe("ruleStatuses", () => {
  it("knows the newest status of each rule, by its kind", () => {
    const statuses = ruleStatuses();
    statuses.take(RULES, { kind: "replaced", objects: [rule("a", "old"), rule("b")] });
    statuses.take(RULES, { kind: "stored", object: rule("a", "new") });
    expect(statuses.of(rule("a"))).toEqual({ conditions: [{ reason: "new" }] });
    expect(statuses.of(rule("b"))).toBeUndefined();
    expect(statuses.of(rule("a", undefined, "DestinationRule"))).toBeUndefined();
  });

  it("forgets rules that are gone", () => {
    const statuses = ruleStatuses();
    statuses.take(RULES, { kind: "replaced", objects: [rule("a", "old"), rule("b", "old")] });
    statuses.take(RULES, { kind: "replaced", objects: [rule("b", "old")] });
    statuses.take(RULES, { kind: "deleted", object: rule("b", "old") });
    expect([statuses.of(rule("a")), statuses.of(rule("b"))]).toEqual([undefined, undefined]);
  });

  it("tells of changes of a status, and of nothing else", () => {
    const statuses = ruleStatuses();
    let told = 0;
    const stop = statuses.subscribe(() => (told += 1));
    statuses.take(RULES, { kind: "stored", object: rule("a", "old") });
    statuses.take(RULES, { kind: "stored", object: { ...rule("a", "old"), spec: { hosts: ["a"] } } });
    expect(told).toBe(1);
    statuses.take(RULES, { kind: "stored", object: rule("a", "new") });
    stop();
    statuses.take(RULES, { kind: "stored", object: rule("a", "newer") });
    expect(told).toBe(2);
  });
});
