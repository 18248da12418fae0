import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { PATH, REQUEST_FIELDS, type BenchPlan } from "./bench-plan.ts";
import { onCore, programPath } from "./programs.ts";

const run = promisify(execFile);
const OWN_GENERATOR = new URL("paced-load.ts", import.meta.url).pathname;

/** Latencies at a fixed rate, in microseconds. */
export interface PacedFigures {
  readonly requests: number;
  readonly p50: number;
  readonly p99: number;
}

/** Where load goes, and the command in front of the generator that brings it to the right network. */
export interface LoadTarget {
  readonly address: string;
  readonly port: number;
  readonly within: readonly string[];
}

/** A port of this machine. */
export function localTarget(port: number): LoadTarget {
  return { address: "127.0.0.1", port, within: [] };
}

/** Asks as fast as the proxy answers; resolves with the number of requests. wrk where it is found. */
export async function saturate(
  target: LoadTarget,
  { connections, secondsPerRound }: BenchPlan,
): Promise<number> {
  const { address, port, within } = target;
  const wrk = programPath("wrk");
  if (!wrk) return (await ownLoad(target, [connections, secondsPerRound, 0])).requests;
  const fields = REQUEST_FIELDS.flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const host = ["-H", "Host: reviews:8080"];
  const options = ["-t1", `-c${connections}`, `-d${secondsPerRound}s`, ...host, ...fields];
  const [file, args] = onCore("load", [...within, wrk, ...options, `http://${address}:${port}${PATH}`]);
  const { stdout } = await run(file, args);
  const failures = /Non-2xx.*|Socket errors.*/.exec(stdout)?.[0];
  if (failures) throw new Error(`The load on ${address}:${port} met failures: ${failures}`);
  return Number(/(\d+) requests in/.exec(stdout)?.[1] ?? 0);
}

/** Asks at the plan's rate. */
export async function pace(target: LoadTarget, plan: BenchPlan): Promise<PacedFigures> {
  return ownLoad(target, [plan.pacedConnections, plan.secondsPerRound, plan.ratePerSecond]);
}

async function ownLoad(
  { address, port, within }: LoadTarget,
  numbers: readonly number[],
): Promise<PacedFigures> {
  const words = [address, ...[port, ...numbers].map(String)];
  const [file, args] = onCore("load", [...within, process.execPath, OWN_GENERATOR, ...words]);
  const { stdout } = await run(file, args);
  const figures: unknown = JSON.parse(stdout);
  if (!isPacedFigures(figures)) throw new Error(`The load generator printed ${stdout}.`);
  return figures;
}

function isPacedFigures(value: unknown): value is PacedFigures {
  return (
    typeof value === "object" && value !== null && "requests" in value && "p50" in value && "p99" in value
  );
}
