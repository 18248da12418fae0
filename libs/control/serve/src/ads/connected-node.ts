import type { JsonObject } from "@bufbuild/protobuf";
import type { Node } from "@bookmesh/xds-api";
import type { Caller, NodeId } from "./caller.ts";

/** A node whose caller has been checked. */
export interface ConnectedNode {
  /** As it was sent: `sidecar~10.0.0.1~rating-1.default~default.svc.cluster.local`. */
  readonly id: string;
  readonly parsed: NodeId;
  readonly caller: Caller | undefined;
  /** What the node tells of itself; untrusted beyond what `checkCaller` compares. */
  readonly metadata: JsonObject;
}

/** `pod.namespace`: the name under which a proxy stands in every list. */
export function proxyIdOf({ parsed }: ConnectedNode): string {
  return `${parsed.name}.${parsed.namespace}`;
}

/** A member of a node's metadata, where it is text. */
export function metadataText(metadata: JsonObject | undefined, key: string): string | undefined {
  const value = metadata?.[key];
  return typeof value === "string" ? value : undefined;
}

/** The tools' nodes (istioctl, bookmesh) look like sidecars but want no configuration. */
export function isTool(node: Node): boolean {
  return metadataText(node.metadata, "GENERATOR") === "event";
}
