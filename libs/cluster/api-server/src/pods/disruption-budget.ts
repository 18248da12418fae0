import { ApiError, forbidden } from "@bookmesh/cluster-api";
import { RESOURCES, selects, type Pod, type PodDisruptionBudget } from "@bookmesh/kube-api";
import type { ObjectStore } from "@bookmesh/registry";

const BUDGETS = RESOURCES.podDisruptionBudgets;
/** So many evictions may wait to be seen by whoever keeps a budget's status. Source: Kubernetes, `MaxDisruptedPodSize`. */
const MAX_UNSEEN_EVICTIONS = 2000;
/** When a budget whose newest form is not counted yet is worth another try. */
const UNCOUNTED_RETRY_SECONDS = 10;

/** The budget that an eviction of the pod takes from; `undefined` where none minds. */
export function budgetOf(store: ObjectStore, pod: Pod): PodDisruptionBudget | undefined {
  if (!isRunning(pod)) return undefined;
  const [budget, ...others] = budgetsOf(store, pod);
  if (budget === undefined) return undefined;
  if (others.length > 0) throw severalBudgets();
  return isReady(pod) || protectsUnready(budget) ? budget : undefined;
}

function budgetsOf(store: ObjectStore, pod: Pod): readonly PodDisruptionBudget[] {
  // A decoder: what the store holds has passed the schema of its kind.
  const budgets = store.list(BUDGETS, pod.metadata.namespace) as readonly PodDisruptionBudget[];
  return budgets.filter(
    ({ spec }) => spec.selector !== undefined && selects(spec.selector, pod.metadata.labels),
  );
}

/** A pod that does not run, or is on its way out, is nobody's loss. */
function isRunning({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase === "Running";
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}

/** A pod that is not ready may go without being counted, unless those that are ready are already too few. */
function protectsUnready({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return false;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return desiredHealthy === 0 || currentHealthy < desiredHealthy;
}

/** The budget after one more eviction; throws where it has no room. Source: Kubernetes, `checkAndDecrement`. */
export function spendBudget(
  budget: PodDisruptionBudget,
  { pod, now }: { readonly pod: string; readonly now: string },
): PodDisruptionBudget {
  const { metadata, status } = budget;
  if (status === undefined || (status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw noRoom(`The disruption budget ${metadata.name} is still being processed by the server.`, {
      retryAfterSeconds: UNCOUNTED_RETRY_SECONDS,
    });
  }
  const { disruptionsAllowed, desiredHealthy, currentHealthy, disruptedPods = {} } = status;
  if (Object.keys(disruptedPods).length > MAX_UNSEEN_EVICTIONS) {
    const why = "DisruptedPods map too big - too many evictions not confirmed by PDB controller";
    throw forbidden(BUDGETS, metadata.name, why);
  }
  if (disruptionsAllowed <= 0) {
    throw noRoom(
      `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    );
  }
  const left = disruptionsAllowed - 1;
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: left,
      disruptedPods: { ...disruptedPods, [pod]: now },
      ...(left === 0 && { conditions: closed(status.conditions, now) }),
    },
  };
}

function closed(
  conditions: NonNullable<PodDisruptionBudget["status"]>["conditions"] = [],
  now: string,
): typeof conditions {
  return conditions.map((each) =>
    each.type === "DisruptionAllowed"
      ? { ...each, status: "False", reason: "InsufficientPods", lastTransitionTime: now }
      : each,
  );
}

function noRoom(why: string, retry: { readonly retryAfterSeconds?: number } = {}): ApiError {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  const details = { causes: [{ reason: "DisruptionBudget", message: why }], ...retry };
  return new ApiError({ code: 429, reason: "TooManyRequests", message, details });
}

function severalBudgets(): ApiError {
  const message =
    "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
  return new ApiError({ code: 500, message });
}
