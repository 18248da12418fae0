import type { ConfigMap, Secret } from "@bookmesh/kube-api";
import type { ImageMap, ProcessLedger } from "@bookmesh/processes";
import type { ControllerContext } from "@bookmesh/reconcile";
import type { NodeCapacity } from "./downward.ts";
import type { ClusterFacts } from "./runtime-environment.ts";

/** What all pods of the node share. */
export interface NodeContext extends ControllerContext {
  readonly facts: ClusterFacts;
  readonly capacity: NodeCapacity;
  readonly podsDirectory: string;
  readonly ledger: ProcessLedger;
  /** Read anew for every start, so that an entry that was added is found. */
  readonly imageMap: () => ImageMap;
  /** What `{dist}`, `{node}` and the like mean in the image map. */
  readonly templateValues: Readonly<Record<string, string>>;
  configMap(namespace: string, name: string): ConfigMap | undefined;
  secret(namespace: string, name: string): Secret | undefined;
}
