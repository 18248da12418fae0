import {
  type ChainSet,
  type Listener,
  type ProxySnapshot,
  type SocketPlace,
  indexDestinations,
} from "@bookmesh/proxy-core";
import type { MeshConfig } from "@bookmesh/mesh-api";
import type { ProxyView } from "@bookmesh/translate";
import { simulate, type Outcome } from "./simulate.ts";

/** A connection that iptables gives to the sidecar. */
export interface Connection {
  /** Where it was going: `10.96.0.9:8080`, `[fd00::9]:8080`. */
  readonly to: string;
  /** The URL of the request that it begins with; absent: its bytes are no HTTP. */
  readonly http?: string;
}

/** What would become of a connection. */
export interface Passage extends Partial<Pick<Outcome, "status">> {
  /** The name of the listener that serves it. */
  readonly listener: string;
  readonly clusters: readonly string[];
  readonly hosts: readonly string[];
}

/** What becomes of connections from a pod and to it. */
export interface Connections {
  outbound(connection: Connection): Passage;
  inbound(connection: Connection): Passage;
}

/** The world that a user's YAML makes, as the sidecar of a pod sees it whose connections are redirected. */
export function connectionsOf(
  yaml: string,
  from: Partial<ProxyView>,
  meshConfig: Partial<MeshConfig> = {},
): Connections {
  const mesh = simulate(yaml, { from: { wildcards: ["0.0.0.0", "::"], ...from }, meshConfig });
  const { listeners } = mesh.sidecar;
  const destinations = indexDestinations(listeners);
  const pass = (accepting: string, { to, http }: Connection) => {
    const chains = destinations.find(named(listeners, accepting), placeOf(to));
    if (http === undefined || chains.http === undefined) return passageOfBytes(chains, mesh.sidecar);
    const { shares, hosts, status } = mesh.callThrough(chains.http.routes, { url: http });
    return { listener: chains.name, clusters: Object.keys(shares), hosts, status };
  };
  return {
    outbound: (connection) => pass("virtualOutbound", connection),
    inbound: (connection) => pass("virtualInbound", connection),
  };
}

function passageOfBytes({ name, tcp }: ChainSet, { clusters }: ProxySnapshot): Passage {
  const cluster = tcp?.cluster.name;
  const hosts = cluster === undefined ? [] : (clusters.get(cluster)?.hosts ?? []);
  return {
    listener: name,
    clusters: cluster === undefined ? [] : [cluster],
    hosts: hosts.map(({ address, port }) => `${address}:${port}`),
  };
}

function named(listeners: readonly Listener[], wanted: string): Listener {
  const found = listeners.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`The sidecar has no listener ${wanted}.`);
  return found;
}

function placeOf(text: string): SocketPlace {
  const colon = text.lastIndexOf(":");
  const address = text.slice(0, colon).replace("[", "").replace("]", "");
  return { address, port: Number(text.slice(colon + 1)) };
}
