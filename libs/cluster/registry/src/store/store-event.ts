import type { KubeObject } from "@bookmesh/kube-api";

/** One write. Objects are frozen and shared by everybody who reads them. */
export interface StoreEvent {
  /** The version that the write made: one counter for the whole store. */
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** `group/plural`. */
  readonly resource: string;
  /** The object after the write; for a deletion its last state, with the version of the deletion. */
  readonly object: KubeObject;
  /** The object before it. Absent for an ADDED event, and where it was forgotten. */
  readonly previous?: KubeObject;
}

/** The store's name of a resource: the same for all its versions. */
export function storageKey({ group, plural }: { readonly group: string; readonly plural: string }): string {
  return `${group}/${plural}`;
}
