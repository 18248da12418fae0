import { create } from "@bufbuild/protobuf";
import type { KeyedCertificate } from "@bookmesh/identity";
import type { Clock, SnapshotReader } from "@bookmesh/kernel";
import type { KubeClient } from "@bookmesh/kube-client";
import type { Logger } from "@bookmesh/node-host";
import { ControlPlaneSchema } from "@bookmesh/xds-api";
import { ServerCredentials } from "@grpc/grpc-js";
import { grpcCredentials } from "../certificates/grpc-credentials.ts";
import { shortType, type ControlPlaneMetrics } from "../debug/control-plane-metrics.ts";
import { toolAnswers } from "../debug/tool-answers.ts";
import { adsService } from "./ads-protocol.ts";
import { adsServer, type AdsServer } from "./ads-server.ts";
import type { ConnectedProxies } from "./connected-proxies.ts";
import { proxyIdOf } from "./connected-node.ts";
import { Connection, type ConnectionEvents, type ConnectionPorts } from "./connection.ts";
import { resourceSets } from "./resource-sets.ts";
import { tokenAuthenticator } from "./token-authenticator.ts";

/** What serving ADS takes. */
export interface AdsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly certificate: SnapshotReader<KeyedCertificate>;
  readonly proxies: ConnectedProxies;
  readonly counters: ControlPlaneMetrics;
  readonly onRejected: ConnectionEvents["rejected"];
  readonly identity: { readonly podName: string; readonly version: string };
}

/** Where ADS listens. */
export interface AdsAddresses {
  readonly host: string;
  readonly xdsPort: number;
  readonly plaintextXds?: string;
}

/** ADS over TLS for callers with a token, and, where tests ask for it, in the clear on loopback for anybody. */
export function adsOverTls(options: AdsOptions): {
  /** Returns the port of the encrypted address. */
  listen(addresses: AdsAddresses): Promise<number>;
  stop(): Promise<void>;
} {
  const { client, clock, log, certificate, proxies, counters } = options;
  const ports = { clock, sets: resourceSets(), events: connectionEvents(options) };
  const common = {
    log,
    service: adsService(create(ControlPlaneSchema, { identifier: identifier(options.identity) })),
    connect: connector(proxies, ports),
    answerTool: toolAnswers(proxies),
    onRefused: () => counters.refusedStreams.add(),
  };
  const servers: AdsServer[] = [];
  const open = (server: AdsServer) => {
    servers.push(server);
    return server;
  };
  return {
    async listen({ host, xdsPort, plaintextXds }) {
      if (plaintextXds !== undefined)
        await open(adsServer(common)).listen(plaintextXds, ServerCredentials.createInsecure());
      const authenticated = adsServer({ ...common, authenticate: tokenAuthenticator(client, clock) });
      return open(authenticated).listen(authority(host, xdsPort), grpcCredentials(certificate));
    },
    async stop() {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}

function authority(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

type Connect = Parameters<typeof adsServer>[0]["connect"];

function connector(proxies: ConnectedProxies, ports: Omit<ConnectionPorts, "write">): Connect {
  return (node, write) => {
    const connection = new Connection(node, { ...ports, write });
    proxies.add(connection);
    return {
      connection,
      disconnect() {
        connection.close();
        proxies.remove(connection);
      },
    };
  };
}

function connectionEvents({ log, counters, onRejected }: AdsOptions): ConnectionEvents {
  return {
    pushed: (typeUrl) => counters.pushes.add({ type: shortType(typeUrl) }),
    rejected(node, typeUrl, message) {
      counters.rejects.add({ type: shortType(typeUrl) });
      log.warn({ proxy: proxyIdOf(node), typeUrl, reason: message }, "A proxy refused its configuration.");
      onRejected(node, typeUrl, message);
    },
    converged: (tookMs) => counters.convergence.observe(tookMs / 1_000),
  };
}

/** In the form that istioctl reads; the id tells several istiods apart. */
function identifier({ podName, version }: AdsOptions["identity"]): string {
  const info = { version, revision: "", golang_version: "", status: "Clean", tag: version };
  return JSON.stringify({ Component: "istiod", ID: podName, Info: info });
}
