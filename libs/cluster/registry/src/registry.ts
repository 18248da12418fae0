import { notFound, type ObjectKey } from "@bookmesh/cluster-api";
import type { Clock, Random } from "@bookmesh/kernel";
import type { ObjectStore } from "./store/object-store.ts";
import { storageKey } from "./store/store-event.ts";
import type { Admission } from "./admission.ts";
import type { ResourceKind } from "@bookmesh/kube-model";
import type { KubeObject } from "@bookmesh/kube-api";
import { inVersion, type Catalog } from "./catalog.ts";
import type { Strategy, StrategyView } from "./strategy.ts";

/** What every operation on objects works with. */
export interface Registry {
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly random: Random;
  readonly admission: Admission;
  /** By `group/plural`. */
  readonly strategies: ReadonlyMap<string, Strategy>;
}

const PLAIN: Strategy = {};

/** The strategy of a kind; an empty one where it has none. */
export function strategyOf({ strategies }: Registry, kind: ResourceKind): Strategy {
  return strategies.get(storageKey(kind)) ?? PLAIN;
}

/** What the registry shows a strategy. */
export function viewOf({ store, clock, random }: Registry): StrategyView {
  return { store, nowMs: clock.now(), random };
}

/** Reads an object in the version of `kind`; throws NotFound. */
export function readObject({ store }: Registry, kind: ResourceKind, key: ObjectKey): KubeObject {
  const object = store.get(kind, key);
  if (object === undefined) throw notFound(kind, key.name);
  return inVersion(kind, object);
}

/** The key of an object in its own scope. */
export function keyOf(kind: ResourceKind, { metadata: { namespace, name } }: KubeObject): ObjectKey {
  return kind.namespaced && namespace !== undefined ? { namespace, name } : { name };
}
