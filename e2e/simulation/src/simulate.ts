import {
  type ForwardAction,
  type ProxySnapshot,
  type RequestView,
  type Route,
  type RouteTable,
  explainRoute,
} from "@bookmesh/proxy-core";
import { describeIssues, type Random } from "@bookmesh/kernel";
import { validateMeshResource, type MeshConfig } from "@bookmesh/mesh-api";
import { seededRandom } from "@bookmesh/testkit";
import { meshTranslator, type ProxyView } from "@bookmesh/translate";
import { readObjects } from "./read-objects.ts";
import { sidecarOf } from "./sidecar.ts";
import { worldOf } from "./world.ts";

/** A call as an application makes it. */
export interface Call {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

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
  const view = { ...CALLER, ...from };
  const resources = meshTranslator().translate(worldOf(objects, meshConfig), view);
  const sidecar = sidecarOf(resources, random);
  const callThrough = (table: RouteTable, call: Call) => outcomeOf(table, requestOf(call), sidecar);
  return {
    sidecar,
    callThrough,
    call: (call) => callThrough(outboundRoutes(sidecar), call),
    send: (call, times) => countHosts(outboundRoutes(sidecar), requestOf(call), { times, random }),
  };
}

function outboundRoutes({ listeners }: ProxySnapshot): RouteTable {
  const table = listeners.find(({ name }) => name === "http_proxy")?.http?.routes;
  if (table === undefined) throw new Error("The sidecar has no listener http_proxy.");
  return table;
}

function requestOf({ url, method = "GET", headers = {} }: Call): RequestView {
  const { host, pathname, search, protocol } = new URL(url);
  const fields = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method,
    path: pathname + search,
    authority: host,
    scheme: protocol.slice(0, -1),
    header: (name) => fields.get(name),
  };
}

function routeOf(table: RouteTable, request: RequestView): Route | undefined {
  return table.findVirtualHost(request.authority)?.routes.find((route) => route.matches(request));
}

function outcomeOf(table: RouteTable, request: RequestView, { clusters }: ProxySnapshot): Outcome {
  const { virtualHost, route, targets, reason } = explainRoute(table, request);
  const action = routeOf(table, request)?.action;
  const hosts = targets.flatMap(({ cluster }) => clusters.get(cluster)?.hosts ?? []);
  return {
    virtualHost,
    route,
    shares: Object.fromEntries(targets.map(({ cluster, fraction }) => [cluster, fraction])),
    hosts: hosts.map(({ address, port }) => `${address}:${port}`).sort(),
    status: statusOf(
      action,
      targets.every(({ cluster }) => !clusters.has(cluster)),
    ),
    forward: action?.kind === "forward" ? action : undefined,
    reason,
  };
}

function statusOf(action: Route["action"] | undefined, leadsNowhere: boolean): number | undefined {
  if (action === undefined) return 404;
  if (action.kind === "forward") return leadsNowhere ? 503 : undefined;
  return action.status;
}

function countHosts(
  table: RouteTable,
  request: RequestView,
  { times, random }: { readonly times: number; readonly random: Random },
): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let call = 0; call < times; call += 1) {
    const action = routeOf(table, request)?.action;
    const host = action?.kind === "forward" ? action.pickCluster(random())?.pickHost([]) : undefined;
    const name = host === undefined ? "none" : host.address;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
