import { isDeepStrictEqual } from "node:util";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { JsonObject } from "@bookmesh/kube-model";
import { definitionRuleIssues, definitionRuleWarnings } from "@bookmesh/schema-rules";
import { objectField, objectsField, textField, textsField } from "../json.ts";
import { timestamp } from "../object-meta.ts";
import type { Strategy, StrategyView } from "../strategy.ts";

/** Holds a definition until all of its objects are gone. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

/** A definition is accepted, or not, in the same write that stores it. */
export function definitionStrategy(): Strategy {
  return {
    prepareCreate(definition) {
      const finalizers = [...new Set([...(definition.metadata.finalizers ?? []), CLEANUP_FINALIZER])];
      return { ...definition, metadata: { ...definition.metadata, finalizers } };
    },
    // A definition that was taken once is taken again.
    problems: (definition, previous) =>
      isDeepStrictEqual(definition["spec"], previous?.["spec"]) ? [] : definitionRuleIssues(definition),
    warnings: definitionRuleWarnings,
    allocate: (definition, previous, view) => ({
      ...definition,
      status: statusOf(definition, previous, view),
    }),
  };
}

/** Says whether the objects of a definition are served. */
export function isEstablished(definition: KubeObject): boolean {
  const conditions = objectsField(objectField(definition, "status") ?? {}, "conditions");
  return conditions.some((each) => each["type"] === "Established" && each["status"] === "True");
}

function statusOf(definition: KubeObject, previous: KubeObject | undefined, view: StrategyView): JsonObject {
  const spec = objectField(definition, "spec") ?? {};
  const before = (previous && objectField(previous, "status")) ?? {};
  const rival = rivalOf(definition, view);
  const stored = objectsField(spec, "versions").filter((version) => version["storage"] === true);
  const known = textsField(before, "storedVersions");
  const storedVersions = [
    ...new Set([...known, ...stored.map((version) => textField(version, "name") ?? "")]),
  ];
  const kept = { nowMs: view.nowMs, before: objectsField(before, "conditions") };
  return {
    conditions: rival === undefined ? acceptedConditions(kept) : refusedConditions(kept, rival),
    acceptedNames: rival === undefined ? (objectField(spec, "names") ?? {}) : (before["acceptedNames"] ?? {}),
    storedVersions,
  };
}

interface Kept {
  readonly nowMs: number;
  readonly before: readonly JsonObject[];
}

function acceptedConditions(kept: Kept): readonly JsonObject[] {
  return [
    condition(kept, {
      type: "NamesAccepted",
      status: "True",
      reason: "NoConflicts",
      message: "no conflicts found",
    }),
    condition(kept, {
      type: "Established",
      status: "True",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    }),
  ];
}

function refusedConditions(kept: Kept, kind: string): readonly JsonObject[] {
  return [
    condition(kept, {
      type: "NamesAccepted",
      status: "False",
      reason: "KindConflict",
      message: `${JSON.stringify(kind)} is already in use`,
    }),
    condition(kept, {
      type: "Established",
      status: "False",
      reason: "NotAccepted",
      message: "not all names are accepted",
    }),
  ];
}

/** The time of a condition is that of its last change. */
function condition({ nowMs, before }: Kept, wanted: JsonObject): JsonObject {
  const same = before.find((each) => each["type"] === wanted["type"] && each["status"] === wanted["status"]);
  return { ...wanted, lastTransitionTime: same?.["lastTransitionTime"] ?? timestamp(nowMs) };
}

/** The kind that another definition of the same group has taken. */
function rivalOf(definition: KubeObject, { store }: StrategyView): string | undefined {
  const { group, kind } = groupAndKind(definition);
  const rivals = store.list(RESOURCES.customResourceDefinitions).filter((other) => {
    const theirs = groupAndKind(other);
    const isOther = other.metadata.name !== definition.metadata.name;
    return isOther && theirs.group === group && theirs.kind === kind && isEstablished(other);
  });
  return rivals.length > 0 ? kind : undefined;
}

function groupAndKind(definition: KubeObject): { readonly group: string; readonly kind: string } {
  const spec = objectField(definition, "spec") ?? {};
  return {
    group: textField(spec, "group") ?? "",
    kind: textField(objectField(spec, "names") ?? {}, "kind") ?? "",
  };
}
