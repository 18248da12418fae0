import type { KubeList, KubeObject, ResourceRef, WatchEvent } from "@bookmesh/kube-api";

/** Which object: `namespace` is absent for cluster-scoped resources. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/**
 * The API as the controllers of the same process use it: the same rules, versions and events as over https
 * (validation, admission, conflicts), without a socket. Refusals throw `ApiError`, which carries the `Status`.
 */
export interface ResourceAccess {
  /** `undefined` where the object does not exist. */
  get<T extends KubeObject>(resource: ResourceRef, key: ObjectKey): Promise<T | undefined>;
  list<T extends KubeObject>(
    resource: ResourceRef,
    options?: {
      readonly namespace?: string;
      readonly labelSelector?: string;
      readonly fieldSelector?: string;
    },
  ): Promise<KubeList<T>>;
  create<T extends KubeObject>(resource: ResourceRef, object: T): Promise<T>;
  /** A stale `metadata.resourceVersion` is refused with reason `Conflict`; without one the last write wins. */
  update<T extends KubeObject>(resource: ResourceRef, object: T): Promise<T>;
  /** Writes `status` only. */
  updateStatus<T extends KubeObject>(resource: ResourceRef, object: T): Promise<T>;
  /**
   * Deletes as the API does: with finalizers or (for pods) a grace period the object first gets a
   * deletionTimestamp. `gracePeriodSeconds: 0` removes a pod at once: it is what the runtime calls when its
   * processes have ended. `false` where the object did not exist.
   */
  delete(
    resource: ResourceRef,
    key: ObjectKey,
    options?: {
      readonly gracePeriodSeconds?: number;
      readonly uid?: string;
      /** `Foreground`: the object goes after all that belongs to it. */
      readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
    },
  ): Promise<boolean>;
  /**
   * Calls `listener` with an ADDED event for every object there is, in one synchronous run, then with each change in order.
   * Returns the function that stops it. Objects are frozen and shared: never change them.
   */
  follow<T extends KubeObject>(resource: ResourceRef, listener: (event: WatchEvent<T>) => void): () => void;
  /** Issues a bound service-account token as TokenRequest does. `expiresAt` in milliseconds since the epoch. */
  serviceAccountToken(request: {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly audiences: readonly string[];
    readonly expirationSeconds: number;
    readonly pod?: { readonly name: string; readonly uid: string };
  }): Promise<{ readonly token: string; readonly expiresAt: number }>;
}
