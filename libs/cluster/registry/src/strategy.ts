import type { ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject, Status } from "@bookmesh/kube-api";
import type { ObjectStore } from "./store/object-store.ts";

/** One broken rule, as a `Status` lists it. */
export type Cause = NonNullable<NonNullable<Status["details"]>["causes"]>[number];

/** What a strategy may look at. */
export interface StrategyView {
  readonly store: ObjectStore;
  readonly nowMs: number;
  readonly random: () => number;
}

/** What one kind does beyond its row. Every part is optional; most kinds have no strategy. */
export interface Strategy {
  /** Fills in a new object before it is judged. */
  prepareCreate?(object: KubeObject, view: StrategyView): KubeObject;
  /** Carries over what a change must not lose. */
  prepareUpdate?(object: KubeObject, previous: KubeObject, view: StrategyView): KubeObject;
  /** Rules that no schema expresses. */
  problems?(object: KubeObject, previous: KubeObject | undefined): readonly Cause[];
  /** What the author of an accepted object should know. */
  warnings?(object: KubeObject): readonly string[];
  /** The last step before the write, with nothing in between: where addresses and ports are handed out. */
  allocate?(object: KubeObject, previous: KubeObject | undefined, view: StrategyView): KubeObject;
  /** Seconds between the request to delete and the removal; 0 removes at once. */
  gracePeriodSeconds?(object: KubeObject, asked: number | undefined): number;
  /** What a deletion that has to wait does to the object. */
  markDeleted?(object: KubeObject): KubeObject;
  /** Says whether, besides finalizers, something holds an object that is being deleted. */
  isHeld?(object: KubeObject): boolean;
  /** Says why an object may not be deleted. */
  refuseDelete?(key: ObjectKey): string | undefined;
  /** The status that a new object is born with. */
  initialStatus?(object: KubeObject, view: StrategyView): unknown;
  /** A new object keeps the status that it comes with. */
  readonly keepsStatusOnCreate?: boolean;
}
