import type { ConfigIssue } from "@bookmesh/kernel";
import type { Gateway, GatewayServer } from "@bookmesh/mesh-api";
import { readServerHost, type ServerHost } from "./server-hosts.ts";

/** A server of a Gateway, as one proxy serves it. */
export interface ServedServer {
  /** `namespace/name`. */
  readonly gateway: string;
  readonly server: GatewayServer;
  readonly hosts: readonly ServerHost[];
  /** Where the proxy listens. */
  readonly port: number;
  readonly isEncrypted: boolean;
  /** The name of its route configuration. */
  readonly routes: string;
}

/** Something that keeps a Gateway from being served as its author means it, by Istio's code for it. */
export interface GatewayFinding extends ConfigIssue {
  /** Something is not there, a port leads nowhere, two Gateways are in each other's way. */
  readonly code: "IST0101" | "IST0162" | "IST0145";
}

/** All Gateways that select a proxy, put together. */
export interface MergedGateway {
  readonly served: readonly ServedServer[];
  /** What of which Gateway is not served, and why. */
  readonly leftOut: readonly { readonly gateway: string; readonly finding: GatewayFinding }[];
}

/** Only root may listen below; gateways are not. */
const LOWEST_PORT = 1_024;

/**
 * Puts Gateways together, the oldest first: where two servers cannot both be had the first one is. Servers in the
 * clear share a port; so do encrypted ones that differ in their hosts.
 *
 * Source: istiod, `mergeGateways`.
 */
export function mergeGateways(
  gateways: readonly Gateway[],
  listenPortOf: (port: number) => number,
): MergedGateway {
  const served: ServedServer[] = [];
  const leftOut: MergedGateway["leftOut"][number][] = [];
  for (const gateway of gateways) {
    for (const [index, server] of (gateway.spec.servers ?? []).entries()) {
      const candidate = servedServer(gateway, server, listenPortOf(server.port.number));
      const conflict = conflictOf(candidate, served);
      if (conflict === undefined) served.push(candidate);
      else {
        const path = `spec.servers[${index}].${conflict.path}`;
        leftOut.push({ gateway: candidate.gateway, finding: { ...conflict, path } });
      }
    }
  }
  return { served, leftOut };
}

/** The name by which rules speak of a Gateway: `namespace/name`. */
export function gatewayKey({ metadata }: Gateway): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}

function servedServer(gateway: Gateway, server: GatewayServer, port: number): ServedServer {
  const { name, namespace = "default" } = gateway.metadata;
  const isEncrypted = server.port.protocol.toUpperCase() === "HTTPS";
  return {
    gateway: gatewayKey(gateway),
    server,
    hosts: server.hosts.map((host) => readServerHost(host, namespace)),
    port,
    isEncrypted,
    routes: isEncrypted
      ? `https.${server.port.number}.${server.port.name}.${name}.${namespace}`
      : `http.${port}`,
  };
}

/** Why a server cannot be had beside those that are; the path is the server's. */
function conflictOf(candidate: ServedServer, served: readonly ServedServer[]): GatewayFinding | undefined {
  const { port, isEncrypted, hosts, server } = candidate;
  if (port < LOWEST_PORT) {
    const problem = `is not served: no Service of the gateway gives port ${server.port.number} a target port from ${LOWEST_PORT} on`;
    return { code: "IST0162", path: "port.number", problem };
  }
  const beside = served.filter((other) => other.port === port);
  const unlike = beside.find((other) => other.isEncrypted !== isEncrypted);
  if (unlike) {
    const problem = `is not served: Gateway ${unlike.gateway} has the port for ${unlike.server.port.protocol}`;
    return { code: "IST0145", path: "port.protocol", problem };
  }
  if (!isEncrypted) return undefined;
  for (const { host } of hosts) {
    const older = beside.find((other) => other.hosts.some((taken) => taken.host === host));
    const problem = `are not served: Gateway ${older?.gateway ?? ""} has "${host}"`;
    if (older) return { code: "IST0145", path: "hosts", problem };
  }
  return undefined;
}
