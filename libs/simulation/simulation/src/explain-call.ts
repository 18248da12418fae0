import {
  explainRoute,
  type Cluster,
  type ForwardAction,
  type Host,
  type RequestView,
  type Route,
  type RouteTable,
} from "@bookmesh/proxy-core";
import type { OutlierPolicy } from "@bookmesh/proxy-core/outlier";
import type { MeshSnapshot } from "@bookmesh/translate";
import { requestOf, type Call } from "./call.ts";
import { findChains } from "./find-chains.ts";
import type { SimulatedProxy } from "./simulated-mesh.ts";

/** A cluster that a call may go to. */
export interface TargetExplanation {
  readonly cluster: string;
  /** Of the calls, from 0 to 1. */
  readonly fraction: number;
  readonly hosts: readonly HostExplanation[];
}

/** An address that a call may go to. */
export interface HostExplanation {
  /** `127.16.0.1:8080`. */
  readonly address: string;
  readonly pod?: string;
}

/** What would become of one call, and why. */
export interface CallExplanation {
  /** Sentences, in the order in which things happen. */
  readonly steps: readonly string[];
  readonly listener: string | undefined;
  readonly virtualHost: string | undefined;
  /** Its name, or its index in the virtual host where it has none. */
  readonly route: string | undefined;
  readonly targets: readonly TargetExplanation[];
  /** Where the proxy answers by itself: the status. */
  readonly status: number | undefined;
  readonly forward: ForwardAction | undefined;
}

const NO_ROUTE = 404;
const NO_CLUSTER = 503;

/** Says what becomes of a call: listener, virtual host, route, clusters, hosts, and the rules on the way. */
export function explainCall(proxy: SimulatedProxy, call: Call): CallExplanation {
  const { chains, reason } = findChains(proxy, call);
  if (chains?.http !== undefined) {
    const explained = explainRouting(proxy, chains.http.routes, requestOf(call));
    return { ...explained, listener: chains.name, steps: [reason, ...explained.steps] };
  }
  const nowhere = { virtualHost: undefined, route: undefined, status: undefined, forward: undefined };
  if (chains?.tcp === undefined) return { ...nowhere, listener: chains?.name, targets: [], steps: [reason] };
  const target = targetOf(chains.tcp.cluster.name, 1, proxy);
  return { ...nowhere, listener: chains.name, targets: [target], steps: [reason, hostsSentence(target)] };
}

/** The same for a request whose routes are known. */
export function explainRouting(
  proxy: SimulatedProxy,
  table: RouteTable,
  request: RequestView,
): Omit<CallExplanation, "listener"> {
  const { virtualHost, route, targets: shares, reason } = explainRoute(table, request);
  const action = routeOf(table, request)?.action;
  const targets = shares.map(({ cluster, fraction }) => targetOf(cluster, fraction, proxy));
  const leadsNowhere = targets.every(({ cluster }) => !proxy.snapshot.clusters.has(cluster));
  return {
    steps: [
      reason,
      ...(action?.kind === "forward" ? ruleSentences(action) : []),
      ...targets.map((target) => targetSentence(target, proxy.snapshot.clusters.get(target.cluster))),
    ],
    virtualHost,
    route,
    targets,
    status: statusOf(action, leadsNowhere),
    forward: action?.kind === "forward" ? action : undefined,
  };
}

/** The route that a request takes. */
export function routeOf(table: RouteTable, request: RequestView): Route | undefined {
  return table
    .findVirtualHost(request.authority.toLowerCase())
    ?.routes.find((route) => route.matches(request));
}

function statusOf(action: Route["action"] | undefined, leadsNowhere: boolean): number | undefined {
  if (action === undefined) return NO_ROUTE;
  if (action.kind === "forward") return leadsNowhere ? NO_CLUSTER : undefined;
  return action.status;
}

function targetOf(cluster: string, fraction: number, { snapshot, world }: SimulatedProxy): TargetExplanation {
  const hosts = snapshot.clusters.get(cluster)?.hosts ?? [];
  return { cluster, fraction, hosts: hosts.map((host) => hostOf(host, world)) };
}

function hostOf({ address, port }: Host, { pods }: MeshSnapshot): HostExplanation {
  const pod = pods.find(({ status }) => status?.podIP === address);
  return { address: `${address}:${port}`, ...(pod !== undefined && { pod: pod.metadata.name }) };
}

function ruleSentences({ timeoutMs, retry, fault, mirrors }: ForwardAction): readonly string[] {
  const { delay, abort } = fault ?? {};
  return [
    ...(delay
      ? [`${percent(delay.fraction)} of the calls wait ${delay.durationMs} ms first (flag DI).`]
      : []),
    ...(abort
      ? [`${percent(abort.fraction)} of the calls are answered ${abort.status} at once (flag FI).`]
      : []),
    ...(timeoutMs > 0 ? [`After ${timeoutMs} ms the caller gets 504 (flag UT).`] : []),
    ...(retry && retry.maxRetries > 0 ? [retrySentence(retry)] : []),
    ...mirrors.map(
      ({ cluster, fraction }) => `${percent(fraction)} of the calls are copied to ${cluster.name}.`,
    ),
  ];
}

function retrySentence({
  maxRetries,
  on,
  statusCodes,
  perTryTimeoutMs,
}: NonNullable<ForwardAction["retry"]>): string {
  const conditions = [...Object.entries(on).flatMap(([name, isOn]) => (isOn ? [name] : [])), ...statusCodes];
  const time = perTryTimeoutMs > 0 ? `, each within ${perTryTimeoutMs} ms` : "";
  return `Up to ${maxRetries} retries on ${conditions.join(", ")}${time}.`;
}

function targetSentence(target: TargetExplanation, cluster: Cluster | undefined): string {
  const name = target.cluster;
  if (cluster === undefined) return `Cluster ${name} does not exist: ${NO_CLUSTER} (flag NC).`;
  if (cluster.kind === "passthrough") return `Cluster ${name} dials what the call names.`;
  if (cluster.kind === "blackhole") return `Cluster ${name} dials nothing: 502 or a closed connection.`;
  const policy = cluster.outliers?.policy;
  return [hostsSentence(target), ...(policy ? [breakerSentence(policy)] : [])].join(" ");
}

function hostsSentence({ cluster, hosts }: TargetExplanation): string {
  if (hosts.length === 0) return `Cluster ${cluster} has no hosts: ${NO_CLUSTER} (flag UH).`;
  const names = hosts.map(({ address, pod }) => (pod === undefined ? address : `${pod} (${address})`));
  return `Cluster ${cluster} has ${names.join(", ")}.`;
}

function breakerSentence({ thresholds, baseEjectionMs, maxEjectionPercent }: OutlierPolicy): string {
  const counted = Object.entries(thresholds).filter(
    ([, { inARow, enforcedPercent }]) => inARow > 0 && enforcedPercent > 0,
  );
  const rules = counted.map(([kind, { inARow }]) => `${inARow} ${kind}`).join(" or ");
  return `A host is ejected after ${rules} in a row, for ${baseEjectionMs} ms the first time, at most ${maxEjectionPercent} % of them.`;
}

function percent(fraction: number): string {
  return `${Math.round(fraction * 1_000) / 10} %`;
}
