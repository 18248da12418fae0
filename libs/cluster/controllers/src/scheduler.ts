import { RESOURCES, type Pod } from "@bookmesh/kube-api";
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
import { NODE_NAME } from "./cluster-objects.ts";

/** Gives every new pod to the one node there is. */
export function scheduler(context: ControllerContext): Controller {
  const { access, events } = context;
  const pods = objectCache<Pod>(access, RESOURCES.pods);
  const queue = controllerQueue("scheduler", context, async (name) => {
    const pod = pods.get(parseName(name));
    if (pod === undefined || isPlaced(pod)) return;
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
  return {
    stop() {
      queue.stop();
      pods.stop();
    },
  };
}

function isPlaced({ spec, metadata }: Pod): boolean {
  return (spec.nodeName ?? "") !== "" || metadata.deletionTimestamp !== undefined;
}
