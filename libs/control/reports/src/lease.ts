import { apiVersionOf, RESOURCES, type KubeObject } from "@bookmesh/kube-api";

/** Whoever renews a Lease holds it. Source: Kubernetes API, `coordination.k8s.io/v1.Lease`. */
export interface Lease extends KubeObject {
  readonly spec?: LeaseSpec;
}

/** What stands in it. */
export interface LeaseSpec {
  /** "" or absent: nobody. */
  readonly holderIdentity?: string;
  readonly leaseDurationSeconds?: number;
  readonly acquireTime?: string;
  readonly renewTime?: string;
  readonly leaseTransitions?: number;
}

/** A Lease, and when this process first saw it like this: the clocks of machines are not compared. */
export interface ObservedLease {
  readonly lease: Lease;
  readonly sinceMs: number;
}

/** How long a Lease holds that is not renewed. */
export const LEASE_MS = 30_000;

/** A Lease that nobody has written yet. */
export function newLease(key: { readonly namespace: string; readonly name: string }): Lease {
  const { kind } = RESOURCES.leases;
  return { apiVersion: apiVersionOf(RESOURCES.leases), kind, metadata: key };
}

/** The Lease as `identity` would hold it from now on; `undefined` while somebody else does. */
export function claimed(observed: ObservedLease, identity: string, nowMs: number): Lease | undefined {
  const { lease, sinceMs } = observed;
  const { spec = {} } = lease;
  const { holderIdentity = "", leaseDurationSeconds = 0, leaseTransitions = 0 } = spec;
  const isMine = holderIdentity === identity;
  if (holderIdentity !== "" && !isMine && nowMs < sinceMs + 1_000 * leaseDurationSeconds) return undefined;
  const renewTime = microTime(nowMs);
  return {
    ...lease,
    spec: {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_MS / 1_000,
      acquireTime: isMine ? (spec.acquireTime ?? renewTime) : renewTime,
      renewTime,
      leaseTransitions: isMine || holderIdentity === "" ? leaseTransitions : leaseTransitions + 1,
    },
  };
}

/** The Lease as its holder leaves it: the next one need not wait. */
export function released(lease: Lease, nowMs: number): Lease {
  const time = microTime(nowMs);
  const { leaseTransitions = 0 } = lease.spec ?? {};
  const spec = { holderIdentity: "", leaseDurationSeconds: 1, acquireTime: time, renewTime: time };
  return { ...lease, spec: { ...spec, leaseTransitions } };
}

/** Kubernetes' `MicroTime`: always six digits. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "000Z");
}
