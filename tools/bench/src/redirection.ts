import { redirectionRules } from "@bookmesh/interception";
import { DEFAULT_INTERCEPTION, readInterception } from "@bookmesh/interception-api";
import { canMakePodNetworks, podNetwork, type PodNetwork } from "@bookmesh/testkit";
import type { BenchPlan } from "./bench-plan.ts";
import { saturate, type LoadTarget } from "./load.ts";
import { cpuMicroseconds } from "./process-figures.ts";
import { freePort, onCore, start, type Running } from "./programs.ts";
import { median } from "./median.ts";

/** CPU time a request, in microseconds: medians of both ways, and of the rounds' ratios. */
export interface RedirectionFigures {
  readonly explicitUs: number;
  readonly redirectedUs: number;
  readonly ratio: number;
}

const EXPLICIT_PORT = 15_007;
const SERVICE = { address: "10.96.0.9", port: 8080 };
const program = (name: string) => new URL(name, import.meta.url).pathname;

/**
 * Measures what redirection by iptables costs the sidecar over being asked as a forward proxy, both with keep-alive.
 * `undefined` where this machine cannot make a pod's network.
 */
export async function measureRedirection(plan: BenchPlan): Promise<RedirectionFigures | undefined> {
  if (!canMakePodNetworks()) return undefined;
  const network = podNetwork({ v4: rulesOf(4), v6: rulesOf(6) });
  let backend: Running | undefined;
  try {
    const port = await freePort();
    const address = network.peer.v4;
    backend = await start("load", [process.execPath, program("backend.ts"), String(port), address], {
      port,
      address,
    });
    const numbers = [port, EXPLICIT_PORT, SERVICE.port].map(String);
    const subject = [process.execPath, program("subject-redirection.ts"), address, ...numbers];
    const [file, args] = onCore("proxy", subject);
    const pid = await network.start(file, ...args);
    return await compareWays(network, pid, plan);
  } finally {
    backend?.stop();
    network.close();
  }
}

/** In turn, so that what else the machine does falls on both; a first round warms up and is thrown away. */
async function compareWays(
  network: PodNetwork,
  pid: number,
  plan: BenchPlan,
): Promise<RedirectionFigures | undefined> {
  const { within } = network;
  const rounds: { readonly explicit: number; readonly redirected: number }[] = [];
  for (let round = 0; round <= plan.rounds; round++) {
    const explicit = await cpuARequest(pid, { address: "127.0.0.1", port: EXPLICIT_PORT, within }, plan);
    const redirected = await cpuARequest(pid, { ...SERVICE, within }, plan);
    if (round > 0) rounds.push({ explicit, redirected });
  }
  const explicitUs = median(rounds.map(({ explicit }) => explicit));
  const redirectedUs = median(rounds.map(({ redirected }) => redirected));
  const ratio = median(rounds.map(({ explicit, redirected }) => redirected / explicit));
  if (explicitUs === undefined || redirectedUs === undefined || ratio === undefined) return undefined;
  return { explicitUs, redirectedUs, ratio };
}

async function cpuARequest(pid: number, target: LoadTarget, plan: BenchPlan): Promise<number> {
  const before = cpuMicroseconds(pid);
  const requests = await saturate(target, plan);
  return (cpuMicroseconds(pid) - before) / requests;
}

/** What the init container writes where nobody says otherwise. */
function rulesOf(family: 4 | 6): string {
  const read = readInterception(DEFAULT_INTERCEPTION);
  return read.ok ? redirectionRules(read.value, family, "") : read.error;
}
