import type { Condition, IntOrString, Pod, PodDisruptionBudget } from "@bookmesh/kube-api";
import { isReady, timestamp } from "@bookmesh/reconcile";

/** An evicted pod that is still not seen to go after so long will not go. Source: Kubernetes, `DeletionTimeout`. */
const EVICTION_SEEN_MS = 120_000;

type BudgetStatus = NonNullable<PodDisruptionBudget["status"]>;

/** The pods that a budget is about. */
export interface BudgetedPods {
  readonly pods: readonly Pod[];
  /** How many there should be, by what controls them; a sentence where nobody can tell. */
  readonly wanted: number | { readonly unknown: string };
}

/** How many of its pods a budget lets go now. Source: Kubernetes, `disruption.updatePdbStatus`. */
export function budgetStatus(
  budget: PodDisruptionBudget,
  { pods, wanted }: BudgetedPods,
  nowMs: number,
): BudgetStatus {
  const disruptedPods = stillExpected(budget, pods, nowMs);
  const currentHealthy = pods.filter(
    (pod) =>
      isReady(pod) &&
      pod.metadata.deletionTimestamp === undefined &&
      !Object.hasOwn(disruptedPods, pod.metadata.name),
  ).length;
  if (typeof wanted === "object") return failedStatus(budget, wanted.unknown, nowMs);
  const { expectedPods, desiredHealthy } = demand(budget, { matching: pods.length, wanted });
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  return {
    ...observed(budget),
    ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
    currentHealthy,
    desiredHealthy,
    disruptionsAllowed,
    expectedPods,
    conditions: [
      condition(budget, nowMs, {
        status: disruptionsAllowed > 0 ? "True" : "False",
        reason: disruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods",
        message: "",
      }),
    ],
  };
}

/** Says whether a budget counts what controls its pods, not the pods themselves. */
export function countsControllers({ spec }: PodDisruptionBudget): boolean {
  return spec.maxUnavailable !== undefined || typeof spec.minAvailable === "string";
}

/** How long until an eviction that is not seen to go is forgotten; `undefined` where there is none. */
export function msUntilForgotten({ disruptedPods = {} }: BudgetStatus, nowMs: number): number | undefined {
  const ends = Object.values(disruptedPods).map((at) => Date.parse(at) + EVICTION_SEEN_MS - nowMs);
  return ends.length === 0 ? undefined : Math.max(0, ...ends);
}

function demand(
  { spec }: PodDisruptionBudget,
  { matching, wanted }: { readonly matching: number; readonly wanted: number },
): { readonly expectedPods: number; readonly desiredHealthy: number } {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable !== undefined) {
    return { expectedPods: wanted, desiredHealthy: Math.max(0, wanted - shareOf(maxUnavailable, wanted)) };
  }
  if (typeof minAvailable === "string") {
    return { expectedPods: wanted, desiredHealthy: shareOf(minAvailable, wanted) };
  }
  return { expectedPods: matching, desiredHealthy: minAvailable ?? 0 };
}

/** A percentage of few pods is rounded up, whichever of the two it is of. */
function shareOf(amount: IntOrString, total: number): number {
  return typeof amount === "number" ? amount : Math.ceil((Number.parseInt(amount, 10) * total) / 100);
}

/** The evictions that were granted, of pods that nobody has seen to go yet. */
function stillExpected(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  nowMs: number,
): Readonly<Record<string, string>> {
  const staying = new Set(
    pods
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name),
  );
  const entries = Object.entries(status?.disruptedPods ?? {});
  return Object.fromEntries(
    entries.filter(([name, at]) => staying.has(name) && Date.parse(at) + EVICTION_SEEN_MS > nowMs),
  );
}

function failedStatus(budget: PodDisruptionBudget, message: string, nowMs: number): BudgetStatus {
  const { currentHealthy = 0, desiredHealthy = 0, expectedPods = 0 } = budget.status ?? {};
  const failed = { status: "False" as const, reason: "SyncFailed", message };
  return {
    ...observed(budget),
    currentHealthy,
    desiredHealthy,
    expectedPods,
    disruptionsAllowed: 0,
    conditions: [condition(budget, nowMs, failed)],
  };
}

function observed({ metadata }: PodDisruptionBudget): { readonly observedGeneration?: number } {
  return metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
}

/** The time of a condition is that of its last change. */
function condition(
  budget: PodDisruptionBudget,
  nowMs: number,
  wanted: Pick<Condition, "status" | "reason" | "message">,
): Condition {
  const old = budget.status?.conditions?.find(({ type }) => type === "DisruptionAllowed");
  const since = old?.status === wanted.status ? old.lastTransitionTime : undefined;
  return {
    type: "DisruptionAllowed",
    ...wanted,
    ...observed(budget),
    lastTransitionTime: since ?? timestamp(nowMs),
  };
}
