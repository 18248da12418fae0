import { ANALYZERS, meshAnalysis } from "@bookmesh/analysis";
import { installValues, meshObjects } from "@bookmesh/install";
import { describeIssues, seededRandom } from "@bookmesh/kernel";
import type { KubeObject } from "@bookmesh/kube-api";
import {
  callerOf,
  explainCall,
  sendCalls,
  simulatedMesh,
  withAddresses,
  type Call,
  type SimulatedProxy,
} from "@bookmesh/simulation";
import { stringify } from "yaml";
import { print, warn, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import { loadObjects, type LoadOptions } from "../objects/load-objects.ts";
import { worldOfValid } from "../objects/world-of-loaded.ts";
import { printExplanation, printTally } from "../output/simulation-lines.ts";
import { behaviourOf } from "../simulate/behaviour.ts";
import { readCall } from "../simulate/read-call.ts";

/** The options of `bookmesh simulate`. */
export interface SimulateOptions extends LoadOptions {
  readonly from?: string;
  readonly request: string;
  readonly header: readonly string[];
  readonly calls: number;
  /** Milliseconds. */
  readonly every: number;
  readonly answer: readonly string[];
  readonly seed: number;
  readonly output: "text" | "json" | "yaml";
}

/** `bookmesh simulate`: what would become of a call, and of many, without sending any. */
export async function simulate(
  io: ConsoleIo,
  paths: readonly string[],
  options: SimulateOptions,
): Promise<void> {
  const call = readCall(options.request, options.header);
  const proxy = await proxyOf(io, paths, options);
  const { steps, listener, virtualHost, route, targets, status } = explainCall(proxy, call);
  const tally = options.calls > 1 ? tallyOf(proxy, call, options) : undefined;
  const outcome = {
    call,
    steps,
    listener,
    virtualHost,
    route,
    targets,
    status,
    ...(tally !== undefined && { tally }),
  };
  switch (options.output) {
    case "json":
      print(io, JSON.stringify(outcome, undefined, 2));
      break;
    case "yaml":
      io.stdout.write(stringify(outcome, { lineWidth: 0 }));
      break;
    case "text":
      printExplanation(io, { steps, status });
      if (tally !== undefined) printTally(io, tally, proxy.world);
  }
}

async function proxyOf(
  io: ConsoleIo,
  paths: readonly string[],
  options: SimulateOptions,
): Promise<SimulatedProxy> {
  const { objects, problems, namespace, meshConfig } = await loadObjects(io, paths, options);
  for (const problem of problems) warn(io, `Error reading a file: ${problem}`);
  const analysis = meshAnalysis(ANALYZERS);
  const all = [
    ...objects.map(({ object }) => object),
    ...(isIngress(options) ? gatewayObjects(objects) : []),
  ];
  for (const object of all) {
    const { isValid, findings } = analysis.validate(object);
    if (!isValid) warn(io, `${object.kind} ${object.metadata.name} is left out: ${describeIssues(findings)}`);
  }
  const world = withAddresses(worldOfValid(all, analysis, meshConfig));
  const view = callerOf(world, { name: options.from, namespace });
  if (view === undefined)
    throw new UsageError(
      `No pod of namespace ${namespace} is "${options.from ?? ""}" or of such a workload.`,
    );
  return simulatedMesh(world, seededRandom(options.seed)).proxy(view);
}

function tallyOf(
  proxy: SimulatedProxy,
  call: Call,
  { calls, every, answer, seed }: SimulateOptions,
): ReturnType<typeof sendCalls> {
  const behaviour = behaviourOf(answer, proxy.world);
  return sendCalls(proxy, call, { times: calls, everyMs: every, behaviour, random: seededRandom(seed) });
}

function isIngress({ from }: SimulateOptions): boolean {
  return from === "ingress" || from === GATEWAY;
}

const GATEWAY = "istio-ingressgateway";

/** The ingress gateway as it is installed; none where the objects have one. */
function gatewayObjects(objects: readonly { readonly object: KubeObject }[]): readonly KubeObject[] {
  if (objects.some(({ object }) => object.metadata.name === GATEWAY)) return [];
  const values = installValues(["profile=demo"]);
  return values.ok ? meshObjects(values.value).filter(({ metadata }) => metadata.name === GATEWAY) : [];
}
