import { RESOURCES, type KubeObject, type Pod } from "@bookmesh/kube-api";
import {
  controllerQueue,
  keyOf,
  nameOf,
  objectCache,
  parseName,
  timestamp,
  unlessRefused,
  type Controller,
  type ControllerContext,
} from "@bookmesh/reconcile";
import { NODE_NAME } from "./cluster-objects.ts";
import { controllerOf } from "./owner.ts";

/** `v1.Node`, as far as pods are given to it. */
interface Node extends KubeObject {
  readonly spec?: { readonly unschedulable?: boolean };
}

const CORDONED = "0/1 nodes are available: 1 node(s) were unschedulable.";

/** Gives every new pod to the one node there is, unless it is cordoned. */
export function scheduler(context: ControllerContext): Controller {
  const { access, events } = context;
  const pods = objectCache<Pod>(access, RESOURCES.pods);
  const nodes = objectCache<Node>(access, RESOURCES.nodes);
  const isCordoned = () => nodes.get({ name: NODE_NAME })?.spec?.unschedulable === true;
  const queue = controllerQueue("scheduler", context, async (name) => {
    const pod = pods.get(parseName(name));
    if (pod === undefined || isPlaced(pod)) return;
    if (isCordoned() && !isOfDaemonSet(pod)) return leave(context, pod);
    const placed = { ...pod, spec: { ...pod.spec, nodeName: NODE_NAME } };
    const written = await unlessRefused(access.update(RESOURCES.pods, placed), "NotFound");
    if (written === undefined) return;
    const message = `Successfully assigned ${name} to ${NODE_NAME}`;
    events.record({
      object: pod,
      type: "Normal",
      reason: "Scheduled",
      message,
      component: "default-scheduler",
    });
  });
  pods.onChange(({ type, object }) => {
    if (type !== "DELETED" && !isPlaced(object)) queue.add(nameOf(keyOf(object)));
  });
  nodes.onChange(() => {
    for (const pod of pods.list()) if (!isPlaced(pod)) queue.add(nameOf(keyOf(pod)));
  });
  return {
    stop() {
      queue.stop();
      pods.stop();
      nodes.stop();
    },
  };
}

/** Says in the pod and in an event why it has no node; it is looked at again when the node changes. */
async function leave({ access, events, clock }: ControllerContext, pod: Pod): Promise<void> {
  const { conditions = [] } = pod.status ?? {};
  if (conditions.some(({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable")) return;
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message: CORDONED,
    lastProbeTime: null,
    lastTransitionTime: timestamp(clock.now()),
  } as const;
  const others = conditions.filter(({ type }) => type !== condition.type);
  const told = { ...pod, status: { ...pod.status, conditions: [...others, condition] } };
  await unlessRefused(access.updateStatus(RESOURCES.pods, told), "NotFound");
  events.record({
    object: pod,
    type: "Warning",
    reason: "FailedScheduling",
    message: CORDONED,
    component: "default-scheduler",
  });
}

/** A DaemonSet's pods belong to their node, cordoned or not. */
function isOfDaemonSet(pod: Pod): boolean {
  return controllerOf(pod)?.kind === "DaemonSet";
}

function isPlaced({ spec, metadata }: Pod): boolean {
  return (spec.nodeName ?? "") !== "" || metadata.deletionTimestamp !== undefined;
}
