import { describe, expect, it } from "vitest";
import { builtInKinds } from "../kinds/built-in-kinds.ts";
import { parseFieldSelector } from "./field-selector.ts";
import { parseLabelSelector } from "./label-selector.ts";

const labels = { app: "rating", version: "v2", weight: "7" };

describe("parseLabelSelector", () => {
  it.each([
    { selector: "", matches: true },
    { selector: "app=rating", matches: true },
    { selector: "app==rating,version!=v1", matches: true },
    { selector: "version in (v1, v2)", matches: true },
    { selector: "version notin (v2)", matches: false },
    { selector: "other notin (v2)", matches: true },
    { selector: "app", matches: true },
    { selector: "!app", matches: false },
    { selector: "!other,weight>6,weight<8", matches: true },
    { selector: "app=", matches: false },
  ])("reads '$selector'", ({ selector, matches }) => {
    const parsed = parseLabelSelector(selector);
    expect(parsed.ok && parsed.value(labels)).toBe(matches);
  });

  it.each([
    { selector: "a in x", error: "unable to parse requirement: found 'x' expected: '('" },
    { selector: "a in (x", error: "unable to parse requirement: found '', expected: ',' or ')'" },
    { selector: "=b", error: "found '=', expected: !, identifier, or 'end of string'" },
    { selector: "a=b,", error: "found '', expected: identifier after ','" },
    { selector: "a=b=c", error: "found '=', expected: ',' or 'end of string'" },
    {
      selector: "a foo b",
      error: "unable to parse requirement: found 'foo', expected: in, notin, =, ==, !=, gt, lt",
    },
    { selector: "!", error: "unable to parse requirement: found '', expected: identifier" },
  ])("refuses '$selector' in Kubernetes' words", ({ selector, error }) => {
    expect(parseLabelSelector(selector)).toEqual({ ok: false, error });
  });
});

describe("parseFieldSelector", () => {
  const kindOf = (plural: string) => builtInKinds().find((kind) => kind.plural === plural) ?? expect.fail();
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "rating", namespace: "default" },
    status: { phase: "Running" },
  };

  it.each([
    { selector: "metadata.name=rating", matches: true },
    { selector: "metadata.name!=rating", matches: false },
    { selector: "status.phase=Running,spec.nodeName=", matches: true },
  ])("reads '$selector'", ({ selector, matches }) => {
    const parsed = parseFieldSelector(kindOf("pods"), selector);
    expect(parsed.ok && parsed.value(pod)).toBe(matches);
  });

  it.each([
    { plural: "pods", selector: "spec.foo=x", error: "field label not supported: spec.foo" },
    {
      plural: "pods",
      selector: "metadata.name",
      error: "invalid selector: 'metadata.name'; can't understand 'metadata.name'",
    },
    {
      plural: "configmaps",
      selector: "data.a=x",
      error: '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    },
  ])("refuses '$selector' of $plural", ({ plural, selector, error }) => {
    expect(parseFieldSelector(kindOf(plural), selector)).toEqual({ ok: false, error });
  });
});
