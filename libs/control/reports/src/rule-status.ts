import { documentationUrl, levelOf, MESSAGE_TYPES, type Finding, type MessageCode } from "@bookmesh/analysis";
import type { Condition, KubeObject } from "@bookmesh/kube-api";
import { describeIssues } from "@bookmesh/kernel";

/** What stands in a rule's status. Source: Istio, `meta/v1alpha1.IstioStatus`. */
export interface RuleStatus {
  readonly observedGeneration?: number;
  readonly conditions: readonly Condition[];
  readonly validationMessages: readonly ValidationMessage[];
}

/** A message of Istio's analysis; its code says which. */
export interface ValidationMessage {
  readonly type: { readonly name: string; readonly code: string };
  readonly level: string;
  readonly documentationUrl: string;
}

/** Istio's name for "proxies get it". */
const CONDITION = "Reconciled";
/** With any of these a rule cannot do all that it says: something else is missing, or in the way. */
const OBSTACLES: ReadonlySet<MessageCode> = new Set(["IST0101", "IST0109", "IST0112", "IST0173", "IST0174"]);

/** The status that a rule should have; `undefined` where it has that already. */
export function newStatus(
  rule: KubeObject,
  findings: readonly Finding[],
  now: string,
): RuleStatus | undefined {
  const before = readStatus(rule);
  const previous = before.conditions.find(({ type }) => type === CONDITION);
  const { generation } = rule.metadata;
  const verdict = verdictOf(findings);
  const since = previous?.status === verdict.status ? previous.lastTransitionTime : undefined;
  const condition = { type: CONDITION, ...verdict, lastTransitionTime: since ?? now };
  const others = before.conditions.filter(({ type }) => type !== CONDITION);
  const after: RuleStatus = {
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: [...others, condition],
    validationMessages: messagesOf(findings),
  };
  return gist(before) === gist(after) ? undefined : after;
}

function verdictOf(findings: readonly Finding[]): Pick<Condition, "status" | "reason" | "message"> {
  const remarks = describeIssues(findings);
  const codes = new Set(findings.map(({ code }) => code));
  if (codes.has("IST0106"))
    return { status: "False", reason: "Invalid", message: `The rule is left out: ${remarks}` };
  if ([...codes].some((code) => OBSTACLES.has(code))) {
    const message = `The rule is in force, as far as it can be: ${remarks}`;
    return { status: "True", reason: "ReferencesMissing", message };
  }
  const message = remarks === "" ? "The rule is in force." : `The rule is in force, but ${remarks}`;
  return { status: "True", reason: "Accepted", message };
}

/** One for each code, however often it was found. */
function messagesOf(findings: readonly Finding[]): readonly ValidationMessage[] {
  return [...new Set(findings.map(({ code }) => code))].map((code) => ({
    type: { name: MESSAGE_TYPES[code].name, code },
    level: levelOf({ code }).toUpperCase(),
    documentationUrl: documentationUrl(code),
  }));
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
