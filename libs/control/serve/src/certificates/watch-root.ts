import { readValidity } from "@bookmesh/identity";
import type { ReconcilePorts } from "@bookmesh/mesh-world";
import type { EventRecorder } from "@bookmesh/reports";
import { apiVersionOf, RESOURCES } from "@bookmesh/kube-api";
import { ROOT_SECRET } from "./mesh-root.ts";
import { sleepUntil } from "./sleep-until.ts";

const DAY_MS = 86_400_000;
/** Time enough to replace a root without haste. */
const NOTICE_MS = 30 * DAY_MS;

/** What is watched, and who hears of it. */
export interface WatchedRoot {
  /** PEM. */
  readonly rootPem: string;
  /** Where the Secret lies. */
  readonly namespace: string;
  readonly record: EventRecorder;
}

/** Tells once a day, by log and by event at its Secret, that the mesh root will end within 30 days, or has ended. */
export function watchRoot({ rootPem, namespace, record }: WatchedRoot, ports: ReconcilePorts): void {
  const { clock, log } = ports;
  const { notAfterMs } = readValidity(rootPem);
  const day = new Date(notAfterMs).toISOString().slice(0, 10);
  const regarding = {
    apiVersion: apiVersionOf(RESOURCES.secrets),
    kind: RESOURCES.secrets.kind,
    metadata: { namespace, name: ROOT_SECRET },
  };
  const tell = () => {
    const ended = clock.now() >= notAfterMs;
    const message = ended
      ? `The mesh root in Secret ${namespace}/${ROOT_SECRET} expired on ${day}: no sidecar and no API server trusts istiod any more. Replace the Secret and restart istiod.`
      : `The mesh root in Secret ${namespace}/${ROOT_SECRET} expires on ${day}. Replace the Secret and restart istiod before then.`;
    log[ended ? "error" : "warn"](message);
    record({ regarding, type: "Warning", reason: ended ? "RootExpired" : "RootExpires", message });
  };
  const watch = async () => {
    for (let nextMs = notAfterMs - NOTICE_MS; ; nextMs = Math.max(clock.now(), nextMs) + DAY_MS) {
      await sleepUntil(nextMs, ports);
      tell();
    }
  };
  watch().catch(() => undefined); // only the signal ends it
}
