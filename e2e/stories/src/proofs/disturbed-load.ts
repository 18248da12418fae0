import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { bookmeshOn } from "../harness/bookmesh.ts";
import type { Platform } from "../harness/platform.ts";
import { startPlatform } from "../harness/start-platform.ts";
import { followLedgers } from "./ledger-logs.ts";
import { losslessLoad, type LoadResult } from "./lossless-load.ts";
import type { Proof } from "./proof.ts";

const REQUESTS = 100_000;
const SHORT_REQUESTS = 2_000;
const FRONT_PORT = 31_088;
/** Ledgers write what they noted ten times a second; this is ample. */
const LOGS_SETTLE_MS = 3_000;
/** How many lost requests are told. */
const TOLD = 5;

/** Runs our command on the platform; with a second argument it reads that as its input. */
type Bookmesh = (args: readonly string[], input?: string) => Promise<string>;

/** The means to disturb a mesh, and to see what becomes of it. */
export interface DisturbedMesh {
  readonly bookmesh: Bookmesh;
  readonly client: KubeClient;
}

/** Something that is done to the mesh again and again while requests go on. */
export interface Disturbance {
  readonly name: string;
  /** How often at least in a full proof; absent: once. */
  readonly rounds?: number;
  readonly round: (mesh: DisturbedMesh, number: number) => Promise<void>;
}

/**
 * Sends requests through two services and disturbs the mesh meanwhile, one disturbance after the other. Counts as
 * strictly as can be: the clients never ask again, and each request has an id that the applications note.
 */
export function disturbedLoad(claim: string, disturbances: readonly Disturbance[]): Proof {
  return async ({ short, target }) => {
    const platform = await startPlatform(target);
    try {
      await deploy(platform);
      const client = kubeClient(loadKubeConfig(platform.kubeconfig));
      const figures: (readonly [string, number])[] = [];
      let holds = true;
      for (const disturbance of disturbances) {
        const requests = short ? SHORT_REQUESTS : REQUESTS;
        const minRounds = short ? 1 : (disturbance.rounds ?? 1);
        const count = await disturb(platform, client, { disturbance, requests, minRounds });
        holds &&= count.lost === 0 && count.duplicates === 0 && count.unnoted === 0;
        for (const [what, value] of Object.entries(count))
          figures.push([`${disturbance.name}: ${what}`, value]);
      }
      return { claim, holds, figures };
    } finally {
      await remove(platform);
      await platform.stop();
    }
  };
}

async function deploy(platform: Platform): Promise<void> {
  const program = readFileSync(join(import.meta.dirname, "../programs/ledger.mjs"), "utf8");
  const command = JSON.stringify(["node", "--input-type=module", "-e", program]);
  const manifest = readFileSync(join(import.meta.dirname, "../manifests/ledger.yml"), "utf8");
  await bookmeshOn(platform, ["install", "--set", "profile=demo", "-y"]);
  await bookmeshOn(platform, ["label", "namespace", "default", "istio-injection=enabled", "--overwrite"]);
  await bookmeshOn(
    platform,
    ["apply", "-f", "-"],
    manifest.replaceAll("PROGRAM", () => command),
  );
  for (const name of ["ledger", "front"])
    await bookmeshOn(platform, ["rollout", "status", `deployment/${name}`]);
  const { lost } = await losslessLoad({
    ...{ address: platform.address, port: FRONT_PORT, requests: 100, prefix: "warm" },
  });
  if (lost.length > 0) throw new Error(`The services do not answer: ${lost.slice(0, TOLD).join("; ")}`);
}

async function remove(platform: Platform): Promise<void> {
  for (const name of ["ledger", "front"])
    await bookmeshOn(platform, ["delete", `service/${name}`, `deployment/${name}`, "--ignore-not-found"]);
  const rules = ["virtualservice/ledger", "destinationrule/ledger"];
  await bookmeshOn(platform, ["delete", ...rules, "--ignore-not-found"]);
}

interface Count {
  readonly rounds: number;
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  /** Requests that reached an application twice. */
  readonly duplicates: number;
  /** Answered requests that no application noted: the count of duplicates would be blind. */
  readonly unnoted: number;
}

async function disturb(
  platform: Platform,
  client: KubeClient,
  {
    disturbance,
    requests,
    minRounds,
  }: { readonly disturbance: Disturbance; readonly requests: number; readonly minRounds: number },
): Promise<Count> {
  const ledgers = followLedgers(client);
  const done = new AbortController();
  const prefix = Math.random().toString(36).slice(2, 8);
  const mesh = {
    client,
    bookmesh: (args: readonly string[], input?: string) => bookmeshOn(platform, args, input),
  };
  let rounds = 0;
  const load = losslessLoad({
    ...{ address: platform.address, port: FRONT_PORT, requests, prefix },
    goesOn: () => rounds < minRounds && !done.signal.aborted,
  }).finally(() => done.abort());
  const rounding = (async () => {
    while (!done.signal.aborted) {
      await disturbance.round(mesh, rounds);
      rounds += 1;
    }
  })().catch((error: unknown) => {
    done.abort();
    throw error;
  });
  const [result] = await Promise.all([load, rounding]);
  await delay(LOGS_SETTLE_MS);
  await ledgers.stop();
  tellLost(disturbance, result);
  const { sent, answered, lost } = result;
  return {
    rounds,
    sent,
    answered: answered.size,
    lost: lost.length,
    duplicates: [...answered].filter((id) => (ledgers.counts.get(id) ?? 0) > 1).length,
    unnoted: [...answered].filter((id) => !ledgers.counts.has(id)).length,
  };
}

function tellLost({ name }: Disturbance, { lost }: LoadResult): void {
  for (const request of lost.slice(0, TOLD)) process.stdout.write(`${name}, lost: ${request}\n`);
}
