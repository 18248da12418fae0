import { isDeepStrictEqual } from "node:util";
import {
  RESOURCES,
  selects,
  type Deployment,
  type Pod,
  type PodDisruptionBudget,
  type ReplicaSet,
  type StatefulSet,
} from "@bookmesh/kube-api";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { controllerOf } from "../owner.ts";
import { budgetStatus, countsControllers, msUntilForgotten } from "./budget-status.ts";
import { wantedPods, type Workloads } from "./wanted-pods.ts";

const UNMANAGED =
  "Some of the pods that this budget selects are controlled by nobody, so it cannot tell how many there should be. To count them, give spec.minAvailable as a number.";

/** Counts what every disruption budget allows; evictions take from it. */
export function disruptionController(context: ControllerContext): Controller {
  const { access, clock } = context;
  const budgets = objectCache<PodDisruptionBudget>(access, RESOURCES.podDisruptionBudgets);
  const pods = objectCache<Pod>(access, RESOURCES.pods);
  const workloads = {
    deployments: objectCache<Deployment>(access, RESOURCES.deployments),
    replicaSets: objectCache<ReplicaSet>(access, RESOURCES.replicaSets),
    statefulSets: objectCache<StatefulSet>(access, RESOURCES.statefulSets),
  };
  const queue = controllerQueue("disruption", context, async (name) => {
    const key = parseName(name);
    const budget = budgets.get(key);
    if (budget === undefined || budget.metadata.deletionTimestamp !== undefined) return;
    const selected = pods.list(key.namespace).filter((pod) => isAbout(budget, pod));
    tellUnmanaged(context, budget, selected);
    const wanted = countsControllers(budget) ? wantedPods(workloads, selected) : 0;
    const status = budgetStatus(budget, { pods: selected, wanted }, clock.now());
    if (!isDeepStrictEqual(status, budget.status))
      await unlessRefused(
        access.updateStatus(RESOURCES.podDisruptionBudgets, { ...budget, status }),
        "NotFound",
      );
    const againMs = msUntilForgotten(status, clock.now());
    if (againMs !== undefined) queue.addAfter(name, againMs);
  });
  budgets.onChange(({ object }) => queue.add(nameOf(keyOf(object))));
  pods.onChange(({ object, previous }) => {
    for (const budget of budgets.list(object.metadata.namespace))
      if (isAbout(budget, object) || (previous && isAbout(budget, previous)))
        queue.add(nameOf(keyOf(budget)));
  });
  onResize(workloads, (namespace) => {
    for (const budget of budgets.list(namespace))
      if (countsControllers(budget)) queue.add(nameOf(keyOf(budget)));
  });
  return {
    stop() {
      queue.stop();
      for (const cache of [budgets, pods, ...Object.values(workloads)]) cache.stop();
    },
  };
}

function isAbout({ spec }: PodDisruptionBudget, { metadata }: Pod): boolean {
  return spec.selector !== undefined && selects(spec.selector, metadata.labels);
}

function onResize(workloads: Workloads, resized: (namespace: string | undefined) => void): void {
  const listen = ({ object, previous }: ResizableChange) => {
    if (object.spec.replicas !== previous?.spec.replicas) resized(object.metadata.namespace);
  };
  workloads.deployments.onChange(listen);
  workloads.replicaSets.onChange(listen);
  workloads.statefulSets.onChange(listen);
}

type Resizable = Deployment | ReplicaSet | StatefulSet;
interface ResizableChange {
  readonly object: Resizable;
  readonly previous?: Resizable;
}

function tellUnmanaged(
  { events }: ControllerContext,
  budget: PodDisruptionBudget,
  selected: readonly Pod[],
): void {
  if (!countsControllers(budget) || selected.every((pod) => controllerOf(pod) !== undefined)) return;
  events.record({
    object: budget,
    type: "Warning",
    reason: "UnmanagedPods",
    message: UNMANAGED,
    component: "controllermanager",
  });
}
