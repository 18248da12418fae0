import { setTimeout as delay } from "node:timers/promises";
import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import { podLogs, readLines, type KubeClient } from "@bookmesh/kube-client";

/** The ids that all ledgers noted, those of pods that have ended included. */
export interface LedgerLogs {
  /** How often each id was noted. */
  readonly counts: ReadonlyMap<string, number>;
  /** Stops following. */
  stop(): Promise<void>;
}

const LOOK_MS = 200;
const NAMESPACE = "default";

/** Follows the logs of every pod with the label `app=ledger`, of those that come later too. */
export function followLedgers(client: KubeClient): LedgerLogs {
  const counts = new Map<string, number>();
  const stopping = new AbortController();
  const followed = new Map<string, Promise<void>>();
  const note = async (name: string) => {
    const pod = { namespace: NAMESPACE, name };
    const log = podLogs(client, pod, { container: "app", follow: true, signal: stopping.signal });
    try {
      for await (const line of readLines(log)) {
        if (!line.startsWith("ids ")) continue;
        for (const id of line.slice(4).split(" ")) counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  };
  const looking = (async () => {
    while (!stopping.signal.aborted) {
      for (const name of await runningLedgers(client)) {
        if (!followed.has(name)) followed.set(name, note(name));
      }
      await delay(LOOK_MS);
    }
  })();
  return {
    counts,
    stop: async () => {
      stopping.abort();
      await looking;
      await Promise.all(followed.values());
    },
  };
}

async function runningLedgers(client: KubeClient): Promise<readonly string[]> {
  const options = { namespace: NAMESPACE, labelSelector: "app=ledger" };
  const { items } = await client.list<Pod>(RESOURCES.pods, options);
  return items.filter(({ status }) => status?.phase === "Running").map(({ metadata }) => metadata.name);
}
