import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import type { FollowEvent } from "@bookmesh/kube-client";
import { mapEvent, objectStore, type ObjectStore } from "./object-store.ts";

/** What stands in the status of rules, apart from the rules: nothing is translated anew when a status changes. */
export interface RuleStatuses {
  /** The newest status of a rule; `undefined` where it has none. */
  of(rule: KubeObject): unknown;
  /** Calls `listener` after each change. Returns the function that stops it. */
  subscribe(listener: () => void): () => void;
}

/** Statuses that are kept up to date by events. */
export interface FollowedStatuses extends RuleStatuses {
  take(resource: ResourceRef, event: FollowEvent<KubeObject>): void;
}

/** No statuses yet. */
export function ruleStatuses(): FollowedStatuses {
  const stores = new Map<string, ObjectStore<KubeObject>>();
  const listeners = new Set<() => void>();
  return {
    take({ kind }, event) {
      const store = stores.get(kind) ?? objectStore();
      stores.set(kind, store);
      if (store.apply(mapEvent(event, keepStatus))) for (const listener of listeners) listener();
    },
    of: (rule) => stores.get(rule.kind)?.get(rule)?.["status"],
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function keepStatus({
  apiVersion,
  kind,
  metadata: { name, namespace = "" },
  status,
}: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace }, status };
}
