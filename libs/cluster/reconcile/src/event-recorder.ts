import type { ResourceAccess } from "@bookmesh/cluster-api";
import { unversioned } from "./object-name.ts";
import { refusalReason } from "./refusal.ts";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { messageOf, type Clock } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import { timestamp } from "./pod-facts.ts";

/** One thing that happened to an object, for people. */
interface ObjectEvent {
  readonly object: KubeObject;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** Who says so: `kubelet`, `deployment-controller`, … */
  readonly component: string;
  /** The part of the object, for example `spec.containers{book}`. */
  readonly fieldPath?: string;
}

/** Writes events; a repeated one becomes a count. Never throws and never waits. */
export interface EventRecorder {
  record(event: ObjectEvent): void;
  stop(): void;
}

/** `v1.Event`, as far as it is written here. */
interface EventObject extends KubeObject {
  readonly count: number;
  readonly lastTimestamp: string;
}

interface Series {
  readonly written: EventObject;
  readonly writtenAtMs: number;
}

/** Events that wait to be written: what a storm may cost in memory. Later ones are dropped. */
const MAX_WAITING = 500;
/** Series remembered in order to count; the oldest is forgotten first. */
const MAX_SERIES = 2_000;
/** As long as Kubernetes keeps events. */
const KEEP_MS = 3_600_000;

/** Records events through `access`, one write at a time. */
export function eventRecorder(access: ResourceAccess, clock: Clock, logger: Logger): EventRecorder {
  const waiting: ObjectEvent[] = [];
  const series = new Map<string, Series>();
  let writing = false;
  let stopped = false;

  async function drain(): Promise<void> {
    if (writing) return;
    writing = true;
    for (let next = waiting.shift(); next !== undefined && !stopped; next = waiting.shift()) {
      await write(next).catch((error: unknown) => {
        // A namespace that is being deleted takes no events: nothing is lost that anybody could read.
        if (refusalReason(error) !== "Forbidden" && refusalReason(error) !== "NotFound")
          logger.debug({ reason: messageOf(error) }, "An event could not be written");
      });
    }
    writing = false;
  }

  async function write(event: ObjectEvent): Promise<void> {
    const key = [event.object.metadata.uid, event.reason, event.message, event.fieldPath].join("\n");
    const now = clock.now();
    const known = series.get(key);
    series.delete(key);
    const fresh = known !== undefined && now - known.writtenAtMs < KEEP_MS ? known.written : undefined;
    const written = fresh
      ? await access.update(RESOURCES.events, {
          ...unversioned(fresh),
          count: fresh.count + 1,
          lastTimestamp: timestamp(now),
        })
      : await access.create(RESOURCES.events, eventObject(event, now));
    series.set(key, { written, writtenAtMs: now });
    for (const oldest of series.keys()) {
      if (series.size <= MAX_SERIES) break;
      series.delete(oldest);
    }
  }

  return {
    record(event) {
      if (stopped || waiting.length >= MAX_WAITING) return;
      waiting.push(event);
      void drain();
    },
    stop() {
      stopped = true;
    },
  };
}

function eventObject(event: ObjectEvent, nowMs: number): EventObject {
  const { metadata, apiVersion, kind } = event.object;
  const namespace = metadata.namespace ?? "default";
  const at = timestamp(nowMs);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${metadata.name}.${uniqueSuffix(nowMs)}`, namespace },
    involvedObject: {
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(metadata.uid === undefined ? {} : { uid: metadata.uid }),
      ...(metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion }),
      ...(event.fieldPath === undefined ? {} : { fieldPath: event.fieldPath }),
    },
    type: event.type,
    reason: event.reason,
    message: event.message,
    source: { component: event.component },
    reportingComponent: event.component,
    reportingInstance: "",
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}

/** Sixteen hexadecimal digits, of which the process's clock in nanoseconds makes every one different. */
function uniqueSuffix(nowMs: number): string {
  const nanoseconds = BigInt(nowMs) * 1_000_000n + (process.hrtime.bigint() % 1_000_000n);
  return nanoseconds.toString(16);
}
