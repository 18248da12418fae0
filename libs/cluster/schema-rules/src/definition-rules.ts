import type { KubeObject } from "@bookmesh/kube-api";
import {
  at,
  equalJson,
  invalid,
  isObject,
  notSupported,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
  type Schema,
  type ValidationRule,
} from "@bookmesh/kube-model";
import { fieldBelow } from "./field-path.ts";
import { UNKNOWN_FUNCTIONS } from "./rule-environment.ts";
import { ruleTree, type BrokenRule } from "./rule-tree.ts";

const REASONS = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];
const CALLS_UNKNOWN = new RegExp(`\\b(${UNKNOWN_FUNCTIONS.join("|")})\\(|\\bsets\\.|\\bauthorizer\\b`);

/** What is wrong with the rules of a CustomResourceDefinition: with their fields, then with what they say. */
export function definitionRuleIssues(definition: KubeObject): readonly FieldIssue[] {
  return schemasOf(definition).flatMap(({ schema, field }) => [
    ...fieldIssues(schema, field),
    ...ruleTree(schema)
      .broken.filter(({ source }) => !callsUnknown(source))
      .map((broken) => brokenIssue(broken, field)),
  ]);
}

/** The rules that are stored and not evaluated, since they call what only Kubernetes itself knows. */
export function definitionRuleWarnings(definition: KubeObject): readonly string[] {
  return schemasOf(definition).flatMap(({ schema, field }) =>
    ruleTree(schema)
      .broken.filter(({ source }) => callsUnknown(source))
      .map(
        ({ path, index }) =>
          `${field}${path}.x-kubernetes-validations[${index}]: the rule calls a function that this server does not know; it is stored, and not evaluated`,
      ),
  );
}

/** The schemas with their places. Where all versions have the same one, it is told of once, as in Kubernetes. */
function schemasOf(definition: KubeObject): readonly { readonly schema: Schema; readonly field: string }[] {
  const schemas = objectsOf(at(definition, "spec", "versions")).map(
    (version) => objectOf(at(version, "schema", "openAPIV3Schema")) as Schema, // structural rules come first
  );
  const [first] = schemas;
  if (first && schemas.every((schema) => equalJson(schema, first)))
    return [{ schema: first, field: "spec.validation.openAPIV3Schema" }];
  return schemas.map((schema, index) => ({
    schema,
    field: `spec.versions[${index}].schema.openAPIV3Schema`,
  }));
}

function callsUnknown({ rule, messageExpression = "" }: ValidationRule): boolean {
  return CALLS_UNKNOWN.test(`${rule}\n${messageExpression}`);
}

function brokenIssue({ path, index, source, fault }: BrokenRule, field: string): FieldIssue {
  const place = `${field}${path}.x-kubernetes-validations[${index}].${fault.part}`;
  if (fault.part === "optionalOldSelf") return invalid(place, true, fault.sentence);
  const sentence = fault.sentence.replace(/(?<= within )(?=\.)/, field);
  return { ...invalid(place, "", ""), message: `Invalid value: ${goText(source)}: ${sentence}` };
}

/** A rule as Go prints it: all fields, `<`, `>` and `&` escaped. */
function goText(rule: ValidationRule): string {
  const {
    message = "",
    messageExpression = "",
    reason = null,
    fieldPath = "",
    optionalOldSelf = null,
  } = rule;
  const text = JSON.stringify({
    Rule: rule.rule,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf,
  });
  return text.replaceAll(
    /[<>&]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

/** What can be told of rules without reading their CEL, here and in all parts. */
function fieldIssues(schema: Schema, field: string): readonly FieldIssue[] {
  const { properties = {}, additionalProperties, items } = schema;
  return [
    ...(schema["x-kubernetes-validations"] ?? []).flatMap((rule, index) =>
      ruleFieldIssues(rule, schema, `${field}.x-kubernetes-validations[${index}]`),
    ),
    ...Object.entries(properties).flatMap(([name, inner]) =>
      fieldIssues(inner, `${field}.properties[${name}]`),
    ),
    ...(isObject(additionalProperties)
      ? fieldIssues(additionalProperties, `${field}.additionalProperties`)
      : []),
    ...(items ? fieldIssues(items, `${field}.items`) : []),
  ];
}

function ruleFieldIssues(rule: ValidationRule, schema: Schema, field: string): readonly FieldIssue[] {
  const { reason, fieldPath } = rule;
  const isLost = fieldPath !== undefined && fieldPath !== "" && fieldBelow(schema, fieldPath) === undefined;
  return [
    ...(textOf(rule.rule).trim() === "" ? [required(`${field}.rule`, "rule is not specified")] : []),
    ...(reason === undefined || REASONS.includes(reason)
      ? []
      : [notSupported(`${field}.reason`, reason, REASONS)]),
    ...(isLost ? [invalid(`${field}.fieldPath`, fieldPath, "must be a valid path")] : []),
  ];
}
