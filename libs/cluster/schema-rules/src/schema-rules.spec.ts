import { describeIssue, type Schema, type ValidationRule } from "@bookmesh/kube-model";
import { describe, expect, it } from "vitest";
import { definitionRuleIssues, definitionRuleWarnings } from "./definition-rules.ts";
import { judge } from "./judge.ts";
import { ruleTree } from "./rule-tree.ts";

const rule = (text: string, more: Partial<ValidationRule> = {}): ValidationRule => ({ rule: text, ...more });
const at = (schema: Schema, ...rules: readonly ValidationRule[]): Schema => ({
  ...schema,
  "x-kubernetes-validations": rules,
});
const TEXT: Schema = { type: "string" };
const NUMBER: Schema = { type: "integer" };
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: "object", properties });

/** What a definition with this `spec` says of an object, or of its change. */
function issues(spec: Schema, value: unknown, previous?: unknown): readonly string[] {
  const { root, broken } = ruleTree(object({ spec }));
  expect(broken).toEqual([]);
  if (root === undefined) return [];
  const of = (inner: unknown) => ({ metadata: { name: "a" }, spec: inner });
  return judge(root, of(value), previous === undefined ? undefined : of(previous)).map(describeIssue);
}

const boat = object({ colour: TEXT, oars: NUMBER });

describe("judge", () => {
  it.each([
    {
      name: "is silent where a rule holds",
      rules: [rule("self.oars % 2 == 0")],
      value: { oars: 4 },
      said: [],
    },
    {
      name: "tells the message",
      rules: [rule("self.oars % 2 == 0", { message: " oars come in pairs " })],
      value: { oars: 3 },
      said: ['spec: Invalid value: "object": oars come in pairs'],
    },
    {
      name: "tells the rule where there is no message",
      rules: [rule("self.oars % 2 == 0")],
      value: { oars: 3 },
      said: ['spec: Invalid value: "object": failed rule: self.oars % 2 == 0'],
    },
    {
      name: "makes the message",
      rules: [
        rule("self.oars % 2 == 0", { message: "plain", messageExpression: "string(self.oars) + ' is odd'" }),
      ],
      value: { oars: 3 },
      said: ['spec: Invalid value: "object": 3 is odd'],
    },
    {
      name: "tells the plain message where none can be made",
      rules: [rule("self.oars % 2 == 0", { message: "plain", messageExpression: "self.colour" })],
      value: { oars: 3 },
      said: ['spec: Invalid value: "object": plain'],
    },
    {
      name: "names the field and the reason",
      rules: [
        rule("self.oars < 9", { message: "too many", fieldPath: ".oars", reason: "FieldValueForbidden" }),
      ],
      value: { oars: 9 },
      said: ["spec.oars: Forbidden: too many"],
    },
    {
      name: "says why a rule cannot be told",
      rules: [rule("self.oars > 0", { message: "a boat has oars" }), rule("10 / self.oars > 0")],
      value: {},
      said: [
        'spec: Invalid value: "object": no such key: oars evaluating rule: a boat has oars',
        'spec: Invalid value: "object": no such key: oars evaluating rule: 10 / self.oars > 0',
      ],
    },
  ])("$name", ({ rules, value, said }) => {
    expect(issues(at(boat, ...rules), value)).toEqual(said);
  });

  it("asks the rules of all parts, outer ones first", () => {
    const spec = at(
      object({
        colour: at(TEXT, rule("self != 'pink'")),
        crew: { type: "array", items: at(TEXT, rule("self.matches('^[a-z]+$')", { message: "lower case" })) },
        holds: { type: "object", additionalProperties: at(object({ tons: NUMBER }), rule("self.tons > 1")) },
        none: TEXT,
      }),
      rule("size(self.crew) < 2", { message: "too many" }),
    );
    const value = { colour: "pink", crew: ["ann", "Bob"], holds: { "a.b": { tons: 1 } } };
    expect(issues(spec, value)).toEqual([
      'spec: Invalid value: "object": too many',
      "spec.colour: Invalid value: \"string\": failed rule: self != 'pink'",
      'spec.crew[1]: Invalid value: "string": lower case',
      'spec.holds[a.b]: Invalid value: "object": failed rule: self.tons > 1',
    ]);
  });

  it("sees an object's name, and tells of the whole as of nothing", () => {
    const { root = expect.fail() } = ruleTree(at(object({}), rule("self.metadata.name.startsWith('s')")));
    expect(judge(root, { metadata: { name: "a" } }, undefined).map(describeIssue)).toEqual([
      "<nil>: Invalid value: \"object\": failed rule: self.metadata.name.startsWith('s')",
    ]);
  });

  it.each([
    { name: "says nothing of new values", value: { colour: "red" }, previous: undefined, said: [] },
    { name: "lets a value stay", value: { colour: "red" }, previous: { colour: "red" }, said: [] },
    {
      name: "refuses a change",
      value: { colour: "red" },
      previous: { colour: "blue" },
      said: ['spec: Invalid value: "object": was blue'],
    },
  ])("$name by a rule about changes", ({ value, previous, said }) => {
    const keep = rule("self.colour == oldSelf.colour", { messageExpression: "'was ' + oldSelf.colour" });
    expect(issues(at(boat, keep), value, previous)).toEqual(said);
  });

  it("asks an optional old value whether there is one", () => {
    const once = rule("oldSelf.hasValue() || self.oars == 0", {
      optionalOldSelf: true,
      message: "begins with 0",
    });
    expect(issues(at(boat, once), { oars: 2 })).toHaveLength(1);
    expect(issues(at(boat, once), { oars: 2 }, { oars: 0 })).toEqual([]);
  });

  it("finds the entry of a keyed list that was there before, and compares objects by their fields", () => {
    const entry = at(object({ name: TEXT, size: object({ m: NUMBER }) }), rule("self == oldSelf"));
    const spec: Schema = {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: entry,
    };
    const [a, b] = [
      { name: "a", size: { m: 1 } },
      { name: "b", size: { m: 2 } },
    ];
    expect(issues(spec, [b, { ...a }, { name: "c" }], [a, b])).toEqual([]);
    expect(issues(spec, [{ ...a, size: { m: 9 } }], [a, b])).toEqual([
      'spec[0]: Invalid value: "object": failed rule: self == oldSelf',
    ]);
  });

  it("does not hold new rules against what stays as it was", () => {
    const spec = at(object({ oars: at(NUMBER, rule("self < 9")), colour: TEXT }), rule("has(self.colour)"));
    const previous = { oars: 10 };
    expect(issues(spec, previous, previous)).toEqual([]);
    expect(issues(spec, { oars: 10, colour: "red" }, previous)).toEqual([]);
    expect(issues(spec, { oars: 11, colour: "red" }, previous)).toHaveLength(1);
  });

  it.each([
    {
      schema: { "x-kubernetes-int-or-string": true },
      text: "type(self) == int ? self > 1 : self == '50%'",
      good: [2, "50%"],
      bad: [1, "9%"],
    },
    {
      schema: { type: "string", format: "date-time" },
      text: "self > timestamp('2026-01-01T00:00:00Z')",
      good: ["2026-02-01T00:00:00Z"],
      bad: ["2025-02-01T00:00:00Z"],
    },
    {
      schema: { type: "string", format: "duration" },
      text: "self >= duration('1s')",
      good: ["1m"],
      bad: ["1ms"],
    },
    { schema: { type: "number" }, text: "self <= 0.5", good: [0.5, 0], bad: [1] },
    { schema: { type: "string", nullable: true }, text: "self == 'a'", good: [null, "a"], bad: ["b"] },
    {
      schema: { type: "object", additionalProperties: TEXT },
      text: "self.all(k, k != self[k])",
      good: [{ a: "b" }],
      bad: [{ a: "a" }],
    },
    {
      schema: object({ "a-b": TEXT, namespace: TEXT }),
      text: "self.a__dash__b == self.__namespace__",
      good: [{ "a-b": "x", namespace: "x" }],
      bad: [{ "a-b": "x", namespace: "y" }],
    },
    {
      schema: { type: "array", items: NUMBER },
      text: "self.isSorted() && self.sum() < 9 && self.max() - self.min() < 3",
      good: [[1, 2, 3]],
      bad: [
        [2, 1],
        [5, 6],
        [1, 5],
      ],
    },
    {
      schema: TEXT,
      text: "self.replace('a', 'b').charAt(0) == 'b' && self.find('[0-9]+') == '12'",
      good: ["a12"],
      bad: ["c12", "a1"],
    },
  ] as const)("judges $schema by $text", ({ schema, text, good, bad }) => {
    for (const value of good) expect(issues({ ...at(schema as Schema, rule(text)) }, value)).toEqual([]);
    for (const value of bad) expect(issues({ ...at(schema as Schema, rule(text)) }, value)).toHaveLength(1);
  });
});

const definition = (...schemas: readonly Schema[]) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "boats.example.com" },
  spec: { versions: schemas.map((openAPIV3Schema) => ({ schema: { openAPIV3Schema } })) },
});

describe("definitionRuleIssues", () => {
  const SPEC = "spec.validation.openAPIV3Schema.properties[spec]";
  const of = (source: ValidationRule) =>
    definitionRuleIssues(definition(object({ spec: at(boat, source) }))).map(describeIssue);
  const go = (text: string, message = "") =>
    `Invalid value: {"Rule":"${text}","Message":"${message}","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}`;

  it.each([
    {
      name: "a field that is not there",
      source: rule("self.oarz % 2 == 0", { message: "pairs" }),
      issue: `.rule: ${go("self.oarz % 2 == 0", "pairs")}: compilation failed: ERROR: <input>:1:5: undefined field 'oarz'\n | self.oarz % 2 == 0\n | ....^`,
    },
    {
      name: "an operator that does not fit",
      source: rule("self.oars == 'a'"),
      issue: `.rule: ${go("self.oars == 'a'")}: compilation failed: ERROR: <input>:1:11: found no matching overload for '_==_' applied to '(int, string)'\n | self.oars == 'a'\n | ..........^`,
    },
    {
      name: "a function that is not there",
      source: rule("self.oars < 3 && foo(self.oars)"),
      issue: `.rule: ${go("self.oars \\u003c 3 \\u0026\\u0026 foo(self.oars)")}: compilation failed: ERROR: <input>:1:21: undeclared reference to 'foo' (in container '')\n | self.oars < 3 && foo(self.oars)\n | ....................^`,
    },
    {
      name: "a field of a text",
      source: rule("self.colour.x == 1"),
      issue: `.rule: ${go("self.colour.x == 1")}: compilation failed: ERROR: <input>:1:12: type 'string' does not support field selection\n | self.colour.x == 1\n | ...........^`,
    },
    {
      name: "an answer that is neither yes nor no",
      source: rule("self.oars"),
      issue: `.rule: ${go("self.oars")}: cel expression must evaluate to a bool`,
    },
    { name: "no rule", source: rule(" "), issue: ".rule: Required value: rule is not specified" },
    {
      name: "a field path that leads nowhere",
      source: rule("true", { fieldPath: ".mast" }),
      issue: '.fieldPath: Invalid value: ".mast": must be a valid path',
    },
    {
      name: "a reason that is none",
      source: rule("true", { reason: "Foo" }),
      issue:
        '.reason: Unsupported value: "Foo": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
    },
    {
      name: "an optional old value that is not used",
      source: rule("self.oars > 0", { optionalOldSelf: true }),
      issue: ".optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule",
    },
  ])("refuses $name", ({ source, issue }) => {
    expect(of(source)).toEqual([`${SPEC}.x-kubernetes-validations[0]${issue}`]);
  });

  it("refuses to compare entries of a list without keys", () => {
    const list: Schema = { type: "array", items: at(TEXT, rule("self == oldSelf")) };
    const [issue = ""] = definitionRuleIssues(definition(object({ list }))).map(({ message }) => message);
    expect(issue).toContain(
      "oldSelf cannot be used on the uncorrelatable portion of the schema within spec.validation.openAPIV3Schema.properties[list]",
    );
  });

  it("names the version where they differ", () => {
    const broken = object({ spec: at(boat, rule("self")) });
    const [first] = definitionRuleIssues(definition(broken, object({ spec: boat })));
    expect(first?.field).toBe(
      "spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule",
    );
  });

  it("tells of a rule that only Kubernetes itself can evaluate", () => {
    const foreign = definition(object({ spec: at(boat, rule("isIP(self.colour)")) }));
    expect(definitionRuleIssues(foreign)).toEqual([]);
    expect(definitionRuleWarnings(foreign)).toEqual([
      `${SPEC}.x-kubernetes-validations[0]: the rule calls a function that this server does not know; it is stored, and not evaluated`,
    ]);
  });
});
