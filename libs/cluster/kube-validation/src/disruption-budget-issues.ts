import type { KubeObject } from "@bookmesh/kube-api";
import { invalid, objectOf, type FieldIssue, type JsonObject } from "@bookmesh/kube-model";
import { amount, oneOf } from "./checks.ts";
import { selectorIssues } from "./selector-issues.ts";

/** What is wrong with a PodDisruptionBudget. */
export function disruptionBudgetIssues(budget: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(budget["spec"]);
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy } = spec;
  const isBoth = minAvailable !== undefined && maxUnavailable !== undefined;
  return [
    ...(isBoth ? [invalid("spec", goForm(spec), "minAvailable and maxUnavailable cannot be both set")] : []),
    ...share("spec.minAvailable", minAvailable),
    ...share("spec.maxUnavailable", maxUnavailable),
    ...selectorIssues(spec["selector"], "spec.selector"),
    ...oneOf("spec.unhealthyPodEvictionPolicy", unhealthyPodEvictionPolicy, [
      "AlwaysAllow",
      "IfHealthyBudget",
    ]),
  ];
}

/** A spec as Kubernetes quotes it: in the order and with the names of its Go fields. */
function goForm({
  minAvailable,
  selector,
  maxUnavailable,
  unhealthyPodEvictionPolicy,
}: JsonObject): JsonObject {
  return {
    MinAvailable: minAvailable,
    Selector: selector ?? null,
    MaxUnavailable: maxUnavailable,
    UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
  };
}

/** A number of pods, or a percentage that is no more than all of them. */
function share(field: string, value: unknown): readonly FieldIssue[] {
  const isTooMuch = typeof value === "string" && /^\d+%$/.test(value) && Number.parseInt(value, 10) > 100;
  return [
    ...amount(field, value),
    ...(isTooMuch ? [invalid(field, value, "must not be greater than 100%")] : []),
  ];
}
