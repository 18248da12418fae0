import type { KubeObject } from "@bookmesh/kube-api";
import type { RequestContext } from "./request-context.ts";
import type { ResourceKind } from "@bookmesh/kube-model";

/** One write that is about to happen. */
export interface AdmissionAttempt {
  readonly kind: ResourceKind;
  readonly operation: "CREATE" | "UPDATE" | "DELETE";
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name: string;
  /** Absent for a deletion. */
  readonly object?: KubeObject;
  /** Absent for a creation. */
  readonly oldObject?: KubeObject;
  readonly context: RequestContext;
}

/** Whoever may change or refuse a write before it is stored. Refusals throw `ApiError`. */
export interface Admission {
  /** The object as those who may change it leave it. */
  mutate(attempt: AdmissionAttempt & { readonly object: KubeObject }): Promise<KubeObject>;
  validate(attempt: AdmissionAttempt): Promise<void>;
}
