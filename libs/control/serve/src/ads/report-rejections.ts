import type { SnapshotReader } from "@bookmesh/kernel";
import type { MeshWorld } from "@bookmesh/mesh-world";
import type { EventRecorder } from "@bookmesh/reports";
import type { ConnectedNode } from "./connected-node.ts";
import { shortType } from "../debug/control-plane-metrics.ts";

/** Told of each response that a proxy refused, and why. */
export type OnRejected = (node: ConnectedNode, typeUrl: string, message: string) => void;

/** Tells by an event at the proxy's pod what it refused. */
export function rejectionReporter(world: SnapshotReader<MeshWorld>, record: EventRecorder): OnRejected {
  return ({ parsed: { name, namespace } }, typeUrl, reason) => {
    const { pods } = world.current().snapshot;
    const pod = pods.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
    if (pod === undefined) return;
    const message = `The sidecar goes on with its last configuration; it refused a new one (${shortType(typeUrl)}): ${reason}`;
    record({ regarding: pod, type: "Warning", reason: "ConfigurationRejected", message });
  };
}
