import { err, ok, type Result } from "@bookmesh/kernel";

/** Who opened a stream, as the API server vouches for it. */
export interface Caller {
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Absent where the token is not bound to a pod: then the caller is a person or a tool. */
  readonly podName?: string;
}

/** What a node says of itself in its id: `sidecar~<ip>~<pod>.<namespace>~<domain>`. */
export interface NodeId {
  readonly type: string;
  /** Empty where the caller's machine has no private address, as istioctl's. */
  readonly ip: string;
  readonly name: string;
  readonly namespace: string;
}

/** Longer ids are nobody's. */
const MAX_ID_LENGTH = 1_024;

/** Reads a node id. The reason is a sentence. */
export function parseNodeId(id: string): Result<NodeId, string> {
  const parts = id.length > MAX_ID_LENGTH ? [] : id.split("~");
  const [type, ip, workload, domain] = parts;
  if (parts.length !== 4 || !type || ip === undefined || !workload || !domain)
    return err(`The node id "${id.slice(0, 80)}" is not of the form type~ip~name.namespace~domain.`);
  const dot = workload.lastIndexOf(".");
  if (dot <= 0) return err(`The node id names the workload "${workload}", which has no namespace.`);
  return ok({ type, ip, name: workload.slice(0, dot), namespace: workload.slice(dot + 1) });
}

/** Checks that a node is what its caller may be. The reason is a sentence. */
export function checkCaller(
  node: NodeId,
  claimedServiceAccount: string | undefined,
  caller: Caller,
): Result<undefined, string> {
  if (node.namespace !== caller.namespace)
    return err(`The token is of namespace "${caller.namespace}", the node claims "${node.namespace}".`);
  if (caller.podName !== undefined && node.name !== caller.podName)
    return err(`The token is of pod "${caller.podName}", the node claims "${node.name}".`);
  if (claimedServiceAccount !== undefined && claimedServiceAccount !== caller.serviceAccount)
    return err(
      `The token is of service account "${caller.serviceAccount}", the node claims "${claimedServiceAccount}".`,
    );
  return ok(undefined);
}
