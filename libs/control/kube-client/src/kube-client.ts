import type { KubeList, KubeObject, ResourceRef, Status, WatchEvent } from "@bookmesh/kube-api";

/** Which object: `namespace` is absent for cluster-scoped resources. */
export interface ObjectKey {
  readonly namespace?: string;
  readonly name: string;
}

/** What a list or watch is narrowed to. */
export interface ListOptions {
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** Where a watch begins, and what ends it. */
export interface WatchOptions extends ListOptions {
  /**
   * After this version. Absent: with all there is, an object an event, up to a bookmark with the annotation
   * `INITIAL_EVENTS_END` (a watch-list); a server that does not know how refuses.
   */
  readonly resourceVersion?: string;
  readonly signal: AbortSignal;
}

/** The annotation of the bookmark between what there was when a watch-list began and what changed since. */
export const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/** How a patch is read: RFC 7386, Kubernetes' own, RFC 6902, or server-side apply (YAML or JSON). */
export type PatchType = "merge" | "strategic" | "json" | "apply";

/** Options of a write. */
export interface WriteOptions {
  /** Changes nothing, answers as if. */
  readonly dryRun?: boolean;
  /** Who owns the fields of an apply. */
  readonly fieldManager?: string;
  /** Takes fields that another manager owns. */
  readonly force?: boolean;
  /** Refuses fields that the kind does not have, as kubectl asks. */
  readonly strict?: boolean;
  /** `status`, `scale`, … */
  readonly subresource?: string;
}

/** An answer of the API together with the warnings that it sent along. */
export interface Written<T> {
  readonly object: T;
  readonly warnings: readonly string[];
}

/** Options of a request that has no method of its own. */
export interface RawOptions {
  /** A string goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** Default: JSON where the server can. */
  readonly accept?: string;
  /** With a signal the answer may take as long as it likes. */
  readonly signal?: AbortSignal;
}

/** A thin, typed client of one Kubernetes API. Failures throw `KubeError`. */
export interface KubeClient {
  /** `undefined` where the object does not exist. */
  get<T extends KubeObject>(resource: ResourceRef, key: ObjectKey): Promise<T | undefined>;
  list<T extends KubeObject>(resource: ResourceRef, options?: ListOptions): Promise<KubeList<T>>;
  /** Ends when the server closes the watch; throws when it cannot be opened or breaks. */
  watch<T extends KubeObject>(resource: ResourceRef, options: WatchOptions): AsyncIterable<WatchEvent<T>>;
  create<T extends KubeObject>(resource: ResourceRef, object: T, options?: WriteOptions): Promise<Written<T>>;
  update<T extends KubeObject>(resource: ResourceRef, object: T, options?: WriteOptions): Promise<Written<T>>;
  patch<T extends KubeObject>(
    resource: ResourceRef,
    key: ObjectKey,
    patch: { readonly type: PatchType; readonly body: unknown },
    options?: WriteOptions,
  ): Promise<Written<T>>;
  /** `false` where the object did not exist. */
  delete(
    resource: ResourceRef,
    key: ObjectKey,
    options?: { readonly gracePeriodSeconds?: number; readonly dryRun?: boolean },
  ): Promise<boolean>;
  /** Any request: discovery, logs, token requests. `path` begins with "/". */
  request(method: string, path: string, options?: RawOptions): Promise<Response>;
}

/** The API refused a request; `status` is its answer. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly status: Status;

  constructor(status: Status, options?: ErrorOptions) {
    super(status.message ?? status.reason ?? `status ${status.code}`, options);
    this.status = status;
  }
}
