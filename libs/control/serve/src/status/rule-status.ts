import type { Condition, KubeObject } from "@bookmesh/kube-api";
import { describeIssues } from "@bookmesh/kernel";
import type { MeshReview } from "@bookmesh/mesh-api";

/** What stands in a rule's status. Source: Istio, `meta/v1alpha1.IstioStatus`. */
export interface RuleStatus {
  readonly observedGeneration?: number;
  readonly conditions: readonly Condition[];
  readonly validationMessages: readonly ValidationMessage[];
}

/** A message of Istio's analysis; its code says which. */
export interface ValidationMessage {
  readonly type: { readonly name: string; readonly code: string };
  readonly level: "ERROR" | "WARNING";
  readonly documentationUrl: string;
}

/** Istio's name for "proxies get it". */
const CONDITION = "Reconciled";
const SCHEMA_ERROR = message("SchemaValidationError", "IST0106", "ERROR");
const NOT_FOUND = message("ReferencedResourceNotFound", "IST0101", "WARNING");

/** The status that a rule should have; `undefined` where it has that already. */
export function newStatus(rule: KubeObject, review: MeshReview, now: string): RuleStatus | undefined {
  const before = readStatus(rule);
  const previous = before.conditions.find(({ type }) => type === CONDITION);
  const { generation } = rule.metadata;
  const verdict = verdictOf(review);
  const since = previous?.status === verdict.status ? previous.lastTransitionTime : undefined;
  const condition = { type: CONDITION, ...verdict, lastTransitionTime: since ?? now };
  const others = before.conditions.filter(({ type }) => type !== CONDITION);
  const after: RuleStatus = {
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: [...others, condition],
    validationMessages: messagesOf(review),
  };
  return gist(before) === gist(after) ? undefined : after;
}

function verdictOf({ errors, warnings }: MeshReview): Pick<Condition, "status" | "reason" | "message"> {
  if (errors.length > 0) {
    const text = `The rule is left out: ${describeIssues(errors)}`;
    return { status: "False", reason: "Invalid", message: text };
  }
  if (warnings.length > 0) {
    const text = `The rule is in force, as far as it can be: ${describeIssues(warnings)}`;
    return { status: "True", reason: "ReferencesMissing", message: text };
  }
  return { status: "True", reason: "Accepted", message: "The rule is in force." };
}

function messagesOf({ errors, warnings }: MeshReview): readonly ValidationMessage[] {
  if (errors.length > 0) return [SCHEMA_ERROR];
  return warnings.length > 0 ? [NOT_FOUND] : [];
}

function message(name: string, code: string, level: ValidationMessage["level"]): ValidationMessage {
  const page = code.toLowerCase();
  const documentationUrl = `https://istio.io/latest/docs/reference/config/analysis/${page}/`;
  return { type: { name, code }, level, documentationUrl };
}

/** What stands there already. Anybody may have written it: what is not of the right shape is not there. */
function readStatus({ status }: KubeObject): RuleStatus {
  const { observedGeneration, conditions, validationMessages } = membersOf(status);
  return {
    ...(typeof observedGeneration === "number" && { observedGeneration }),
    // A decoder: of the members of these objects nothing is used but their text.
    conditions: objectsIn(conditions) as readonly Condition[],
    validationMessages: objectsIn(validationMessages) as unknown as readonly ValidationMessage[],
  };
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function objectsIn(list: unknown): readonly object[] {
  const members: readonly unknown[] = Array.isArray(list) ? list : [];
  return members.filter((member): member is object => typeof member === "object" && member !== null);
}

/** What a status says, whatever the order in which an API server keeps an object's members. */
function gist({ observedGeneration, conditions, validationMessages }: RuleStatus): string {
  const said = conditions
    .filter(({ type }) => type === CONDITION)
    .map(({ status, reason, message }) => [status, reason, message]);
  const codes = validationMessages.map(({ type, level }) => [membersOf(type)["code"], level]);
  return JSON.stringify([observedGeneration, said, codes]);
}
