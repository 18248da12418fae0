import type { Cluster, Host } from "@bookmesh/proxy-core";
import { joinWires } from "./tunnel.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPools } from "./upstream-pools.ts";
import type { Wire } from "./wire.ts";

/** What a raw connection needs. */
export interface TcpProxyOptions {
  readonly pools: UpstreamPools;
  readonly direction: "inbound" | "outbound";
  readonly cluster: Cluster;
  /** Bytes that came before it was clear where they go. */
  readonly early: Uint8Array | undefined;
  readonly onClosed: () => void;
}

/** What a connection counts as in outlier detection: more cannot be known of it. */
const CONNECTED_STATUS = 200;

/** Envoy's `tcp_proxy`: all bytes of a connection to one host of a cluster, both ways. */
export function proxyTcp(client: Wire, options: TcpProxyOptions): void {
  client.socket.pause();
  client.events = { onBytes: ignore, onEnd: ignore, onDrain: ignore, onClose: options.onClosed };
  const host = options.cluster.pickHost([]);
  if (host) dialHost(client, host, options);
  else client.destroy();
}

function dialHost(
  client: Wire,
  host: Host,
  { pools, cluster, direction, early, onClosed }: TcpProxyOptions,
): void {
  const user: UpstreamUser = {
    onConnected(connection: UpstreamConnection) {
      connection.beginRequest(user);
      pools.reports.onConnected(cluster, host);
      pools.reports.onAnswer(cluster, host, CONNECTED_STATUS);
      connection.user = undefined; // its bytes are the tunnel's from here on
      if (early && early.length > 0) connection.wire.write(early);
      joinWires(client, connection.wire, () => {
        connection.onClose();
        onClosed();
      });
    },
    onUpstreamLost() {
      pools.reports.onFailure(cluster, host);
      client.destroy();
    },
    onResponseHead: ignore,
    onResponseBytes: ignore,
    onUpstreamEnd: ignore,
    onUpstreamDrain: ignore,
  };
  client.events = {
    onBytes: ignore,
    onEnd: ignore,
    onDrain: ignore,
    onClose() {
      pools.cancel(user, { cluster, host });
      onClosed();
    },
  };
  if (pools.acquire(user, { cluster, host, direction, isFresh: true })) client.destroy();
}

function ignore(): void {
  return;
}
