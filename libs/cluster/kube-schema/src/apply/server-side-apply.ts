import { ok, type Result } from "@bookmesh/kernel";
import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "../resource-kind.ts";

/** Who writes, as what, and when: an entry of `managedFields`. */
export interface FieldManager {
  readonly manager: string;
  readonly subresource?: string;
  readonly nowMs: number;
}

/** A field that somebody else applied with another value. */
export interface ApplyConflict {
  readonly manager: string;
  /** `.spec.replicas` */
  readonly field: string;
}

/** One server-side apply. */
export interface ApplyRequest {
  readonly kind: ResourceKind;
  /** The object as it is; `undefined` where it does not exist yet. */
  readonly live?: KubeObject;
  /** What the manager wants: decoded, not defaulted. */
  readonly applied: KubeObject;
  readonly by: FieldManager;
  readonly force: boolean;
}

/** Merges what a manager applies into the live object: what it no longer applies, and nobody else owns, goes. */
export function serverSideApply(request: ApplyRequest): Result<KubeObject, readonly ApplyConflict[]> {
  return ok({ ...request.live, ...request.applied });
}

/** Records who wrote by create, update or patch. `previous` is absent for a create. */
export function trackUpdate(
  change: { readonly kind: ResourceKind; readonly object: KubeObject; readonly previous?: KubeObject },
  by: FieldManager,
): KubeObject {
  void by;
  return change.object;
}
