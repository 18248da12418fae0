import { setTimeout as delay } from "node:timers/promises";
import { RESOURCES, type ConfigMap } from "@bookmesh/kube-api";
import { kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { seededRandom } from "@bookmesh/testkit";
import { startLaptop } from "../harness/laptop.ts";
import type { Proof } from "./proof.ts";

const KILLS = 50;
const SHORT_KILLS = 4;
const WRITERS = 4;
const LONGEST_LIFE_MS = 600;

/** Kills the local cluster in the middle of writes, starts it again, and looks for what it had acknowledged. */
export const storeProof: Proof = async ({ short }) => {
  const seed = Date.now() % 2 ** 31;
  const random = seededRandom(seed);
  const kills = short ? SHORT_KILLS : KILLS;
  const platform = await startLaptop();
  const acknowledged = new Map<string, string>();
  let lost = 0;
  try {
    for (let kill = 0; kill < kills; kill += 1) {
      const client = kubeClient(loadKubeConfig(platform.kubeconfig));
      const dying = new AbortController();
      const writers = Array.from({ length: WRITERS }, (_, writer) =>
        writeUntilRefused(client, { prefix: `kill-${kill}-${writer}`, acknowledged, signal: dying.signal }),
      );
      await delay(50 + random() * LONGEST_LIFE_MS);
      await platform.kill();
      dying.abort();
      await Promise.all(writers);
      await platform.restart();
      lost = await countLost(kubeClient(loadKubeConfig(platform.kubeconfig)), acknowledged);
      if (lost > 0) break;
    }
  } finally {
    await platform.stop();
  }
  return {
    claim: "An object that was acknowledged survives the death of the local cluster",
    holds: lost === 0 && acknowledged.size > 0,
    figures: [
      ["kills", kills],
      ["objects acknowledged", acknowledged.size],
      ["lost", lost],
      ["seed", seed],
    ],
  };
};

interface Writing {
  readonly prefix: string;
  /** Name → value, written down after the answer. */
  readonly acknowledged: Map<string, string>;
  readonly signal: AbortSignal;
}

async function writeUntilRefused(
  client: KubeClient,
  { prefix, acknowledged, signal }: Writing,
): Promise<void> {
  for (let index = 0; !signal.aborted; index += 1) {
    const name = `${prefix}-${index}`;
    const value = `value of ${name}`;
    const metadata = { name, namespace: "default" };
    try {
      await client.create<ConfigMap>(RESOURCES.configMaps, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata,
        data: { value },
      });
    } catch {
      return; // the server is dead: what was under way is not acknowledged
    }
    acknowledged.set(name, value);
  }
}

async function countLost(client: KubeClient, acknowledged: ReadonlyMap<string, string>): Promise<number> {
  const { items } = await client.list<ConfigMap>(RESOURCES.configMaps, { namespace: "default" });
  const found = new Map(items.map(({ metadata, data }) => [metadata.name, data?.["value"]]));
  return [...acknowledged].filter(([name, value]) => found.get(name) !== value).length;
}
