import type { Pod } from "@bookmesh/kube-api";
import type { PodDirectory, PodLink } from "@bookmesh/pod-network";
import type { ContainerEvent, ContainerRecord } from "./container-record.ts";
import type { ContainerRun } from "./container-run.ts";
import type { ValueSources } from "./environment.ts";
import type { NodeContext } from "./node-context.ts";

/** One pod as its containers see it. */
export interface PodContext {
  readonly node: NodeContext;
  readonly link: PodLink;
  readonly directory: PodDirectory;
  /** The pod as it is now, with its addresses. */
  readonly pod: () => Pod;
  readonly record: (container: string) => ContainerRecord;
  readonly update: (container: string, event: ContainerEvent) => void;
  /** The containers that run. */
  readonly runs: Map<string, ContainerRun>;
  /** Aborted when nothing of the pod shall be started any more. */
  readonly stopping: AbortSignal;
}

/** Where the pod's values come from. */
export function valueSources({ node, pod }: Pick<PodContext, "node" | "pod">): ValueSources {
  const namespace = pod().metadata.namespace ?? "";
  return {
    pod: pod(),
    capacity: node.capacity,
    configMap: (name) => node.configMap(namespace, name),
    secret: (name) => node.secret(namespace, name),
  };
}

/** Records an event about the pod or one of its containers, as the kubelet. */
export function reportPodEvent(
  { node, pod }: Pick<PodContext, "node" | "pod">,
  [type, reason, message]: readonly ["Normal" | "Warning", string, string],
  container?: string,
): void {
  node.events.record({
    object: pod(),
    type,
    reason,
    message,
    component: "kubelet",
    ...(container === undefined ? {} : { fieldPath: `spec.containers{${container}}` }),
  });
}
