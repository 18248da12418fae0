import { worldOf } from "@bookmesh/analysis";
import { describeIssues, type Random } from "@bookmesh/kernel";
import { validateMeshResource, type MeshConfig } from "@bookmesh/mesh-api";
import type { ForwardAction, ProxySnapshot, RouteTable } from "@bookmesh/proxy-core";
import {
  explainRouting,
  requestOf,
  sendCalls,
  simulatedMesh,
  type Call,
  type SimulatedProxy,
} from "@bookmesh/simulation";
import { seededRandom } from "@bookmesh/testkit";
import type { ProxyView } from "@bookmesh/translate";
import { readObjects } from "./read-objects.ts";

/** What would become of a call. */
export interface Outcome {
  readonly virtualHost: string | undefined;
  readonly route: string | undefined;
  /** Share of the calls (0 to 1) by cluster. */
  readonly shares: Readonly<Record<string, number>>;
  /** The addresses of all of these clusters' hosts. */
  readonly hosts: readonly string[];
  /** Where the sidecar answers by itself: the status. A route to a cluster that does not exist is 503. */
  readonly status: number | undefined;
  readonly forward: ForwardAction | undefined;
  readonly reason: string;
}

/** A mesh without processes: the control plane's translation, and a sidecar's decisions on what comes out of it. */
export interface SimulatedMesh {
  /** Through the listener `http_proxy`. */
  call(call: Call): Outcome;
  /** The same through the routes of any other listener. */
  callThrough(table: RouteTable, call: Call): Outcome;
  /** Sends the call many times and counts the hosts that were chosen; `none` where there was none. */
  send(call: Call, times: number): Readonly<Record<string, number>>;
  readonly sidecar: ProxySnapshot;
}

/** Whose sidecar it is, and how the mesh is set. */
export interface SimulationOptions {
  readonly from?: Partial<ProxyView>;
  readonly meshConfig?: Partial<MeshConfig>;
  readonly random?: Random;
}

const CALLER: ProxyView = {
  namespace: "default",
  labels: { app: "caller" },
  podIp: "127.16.9.9",
  applicationAddress: "127.144.9.9",
};

/**
 * Takes what a user writes and answers what a call would do. Rules go through the same validation as at a webhook:
 * one that is refused throws.
 */
export function simulate(
  yaml: string,
  { from = {}, meshConfig = {}, random = seededRandom(1) }: SimulationOptions = {},
): SimulatedMesh {
  const objects = readObjects(yaml);
  for (const object of objects) {
    const { errors } = validateMeshResource(object);
    if (errors.length > 0)
      throw new Error(`${object.kind} ${object.metadata.name} is refused: ${describeIssues(errors)}`);
  }
  const proxy = simulatedMesh(worldOf(objects, meshConfig), random).proxy({ ...CALLER, ...from });
  const callThrough = (table: RouteTable, call: Call) => outcomeOf(proxy, table, call);
  return {
    sidecar: proxy.snapshot,
    callThrough,
    call: (call) => callThrough(outboundRoutes(proxy.snapshot), call),
    send: (call, times) => countHosts(proxy, call, { times, random }),
  };
}

function outboundRoutes({ listeners }: ProxySnapshot): RouteTable {
  const table = listeners.find(({ name }) => name === "http_proxy")?.http?.routes;
  if (table === undefined) throw new Error("The sidecar has no listener http_proxy.");
  return table;
}

function outcomeOf(proxy: SimulatedProxy, table: RouteTable, call: Call): Outcome {
  const { virtualHost, route, targets, status, forward, steps } = explainRouting(
    proxy,
    table,
    requestOf(call),
  );
  const hosts = targets.flatMap((target) => target.hosts.map(({ address }) => address));
  return {
    virtualHost,
    route,
    shares: Object.fromEntries(targets.map(({ cluster, fraction }) => [cluster, fraction])),
    hosts: hosts.sort(),
    status,
    forward,
    reason: steps[0] ?? "",
  };
}

/** All hosts answer. */
function countHosts(
  proxy: SimulatedProxy,
  call: Call,
  { times, random }: { readonly times: number; readonly random: Random },
): Readonly<Record<string, number>> {
  const behaviour = () => ({ kind: "answer", status: 200, afterMs: 0 }) as const;
  const { hosts, flags } = sendCalls(proxy, call, { times, everyMs: 0, behaviour, random });
  const counts = Object.entries(hosts).map(
    ([address, { tries }]) => [address.replace(/:\d+$/, ""), tries] as const,
  );
  const lost = (flags["UH"] ?? 0) + (flags["NC"] ?? 0);
  return Object.fromEntries([...counts, ...(lost > 0 ? [["none", lost] as const] : [])]);
}
