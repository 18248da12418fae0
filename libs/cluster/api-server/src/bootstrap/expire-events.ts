import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { ObjectStore } from "@bookmesh/registry";
import type { Clock } from "@bookmesh/kernel";

/** Kubernetes' own span of life for events. */
const LIFETIME_MS = 3_600_000;
const SWEEP_INTERVAL_MS = 60_000;
/** However young they are, more events than this are nobody's reading. */
const MAX_EVENTS = 5_000;

/** Removes events that have grown old, now and every minute. Returns the function that stops it. */
export function expireEvents(store: ObjectStore, clock: Clock): () => void {
  const sweep = () => {
    for (const event of expiredEvents(store.list(RESOURCES.events), clock.now())) {
      store.remove(RESOURCES.events, event, event);
    }
  };
  sweep();
  const timer = setInterval(sweep, SWEEP_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function expiredEvents(events: readonly KubeObject[], nowMs: number): readonly KubeObject[] {
  const byAge = events
    .map((event) => ({ event, at: lastSeen(event) }))
    .sort((one, other) => other.at - one.at);
  return byAge
    .filter(({ at }, index) => index >= MAX_EVENTS || nowMs - at > LIFETIME_MS)
    .map(({ event }) => event);
}

/** An event that is told again begins to live anew. */
function lastSeen(event: KubeObject): number {
  const { lastTimestamp } = event;
  const last = typeof lastTimestamp === "string" ? lastTimestamp : event.metadata.creationTimestamp;
  return Date.parse(last ?? "") || 0;
}
