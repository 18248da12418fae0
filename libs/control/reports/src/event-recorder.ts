import { messageOf, type Clock } from "@bookmesh/kernel";
import { apiVersionOf, RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { KubeClient } from "@bookmesh/kube-client";
import type { Logger } from "@bookmesh/node-host";

/** Something that people should read about an object, with `kubectl describe` and `kubectl get events`. */
export interface MeshEvent {
  /** An object of the API; its `uid`, where known, joins the event to it. */
  readonly regarding: Pick<KubeObject, "apiVersion" | "kind" | "metadata">;
  readonly type: "Normal" | "Warning";
  /** One word in UpperCamelCase. */
  readonly reason: string;
  readonly message: string;
}

/** Writes Kubernetes events: what repeats itself is counted, what floods is cut. It never waits and never fails. */
export type EventRecorder = (event: MeshEvent) => void;

/** What a recorder writes with; `instance` is the pod that writes. */
export interface RecorderPorts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly instance: string;
}

/** An event that happens again within this is only counted; the next one tells how often. */
const REPEAT_MS = 60_000;
/** New events about one object; then one for each `REFILL_MS`. client-go's own limits. */
const BURST = 25;
const REFILL_MS = 300_000;
/** So many writes at a time; beyond, events are lost rather than memory. */
const MAX_WRITES = 16;
const MAX_REMEMBERED = 2_000;
/** Kubernetes refuses longer messages. */
const MAX_MESSAGE = 1_024;
const COMPONENT = "istiod";

interface Series {
  readonly name: string;
  readonly first: string;
  count: number;
  writtenAtMs: number;
  isStored: boolean;
}

interface Allowance {
  left: number;
  atMs: number;
}

/** A recorder that has recorded nothing yet. */
export function eventRecorder(ports: RecorderPorts): EventRecorder {
  const { clock, log } = ports;
  const known = new Map<string, Series>();
  const allowances = new Map<string, Allowance>();
  let writes = 0;
  return (event) => {
    const nowMs = clock.now();
    const { kind, metadata } = event.regarding;
    const object = `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
    const key = `${object} ${event.reason} ${event.message}`;
    const series = known.get(key) ?? newSeries(metadata.name, nowMs);
    series.count += 1;
    remember(known, key, series);
    if (nowMs - series.writtenAtMs < REPEAT_MS || writes >= MAX_WRITES) return;
    if (!series.isStored && !takes(allowances, object, nowMs)) return;
    series.writtenAtMs = nowMs;
    writes += 1;
    write(event, series, ports)
      .catch((error: unknown) => log.debug({ reason: messageOf(error) }, "An event could not be written."))
      .finally(() => (writes -= 1));
  };
}

function newSeries(object: string, nowMs: number): Series {
  const name = `${object}.${nowMs.toString(16)}${Math.trunc(performance.now() * 1_000).toString(16)}`;
  return { name, first: timeOf(nowMs), count: 0, writtenAtMs: -Infinity, isStored: false };
}

/** The newest stay: a map keeps the order in which its members came. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MAX_REMEMBERED && oldest !== undefined) map.delete(oldest);
}

function takes(allowances: Map<string, Allowance>, object: string, nowMs: number): boolean {
  const { left, atMs } = allowances.get(object) ?? { left: BURST, atMs: nowMs };
  const refilled = Math.min(BURST, left + (nowMs - atMs) / REFILL_MS);
  remember(allowances, object, { left: refilled < 1 ? refilled : refilled - 1, atMs: nowMs });
  return refilled >= 1;
}

async function write(event: MeshEvent, series: Series, ports: RecorderPorts): Promise<void> {
  const { client, clock } = ports;
  const namespace = event.regarding.metadata.namespace ?? "default";
  const lastTimestamp = timeOf(clock.now());
  const seen = { count: series.count, lastTimestamp };
  if (series.isStored) {
    const patch = { type: "merge", body: seen } as const;
    await client.patch(RESOURCES.events, { namespace, name: series.name }, patch);
    return;
  }
  await client.create(RESOURCES.events, { ...eventObject(event, series, ports.instance), ...seen });
  series.isStored = true;
}

function eventObject(
  { regarding, type, reason, message }: MeshEvent,
  { name, first }: Series,
  instance: string,
): KubeObject {
  const { namespace, name: objectName, uid, resourceVersion } = regarding.metadata;
  return {
    apiVersion: apiVersionOf(RESOURCES.events),
    kind: RESOURCES.events.kind,
    metadata: { name, namespace: namespace ?? "default" },
    involvedObject: {
      apiVersion: regarding.apiVersion,
      kind: regarding.kind,
      name: objectName,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    type,
    reason,
    message: message.slice(0, MAX_MESSAGE),
    firstTimestamp: first,
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: instance,
  };
}

/** Kubernetes' `Time`: whole seconds. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
