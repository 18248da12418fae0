import { create } from "@bufbuild/protobuf";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";
import type { ConnectionPool } from "@bookmesh/mesh-api";
import { HttpProtocolOptionsSchema, type ClusterSchema } from "@bookmesh/xds-api";
import { durationMs, protoDuration } from "./duration.ts";
import type { MessageInit } from "./message-init.ts";
import type { Protocol } from "./protocol.ts";

/** The name under which Envoy looks for a cluster's HTTP options. */
const HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
/** How long connections to wherever a request was going may serve nobody. Source: istiod, `buildDefaultPassthroughCluster`. */
const PASSTHROUGH_IDLE_MS = 300_000;

type HttpOptions = MessageInit<typeof HttpProtocolOptionsSchema>;

/** How to talk to a cluster's hosts, where that is not plain HTTP/1.1 over connections without an end. */
export function httpOptions(protocol: Protocol, pool: ConnectionPool = {}): Record<string, Any> {
  const common = commonOptions(pool);
  const usesCallers = pool.http?.useClientProtocol === true;
  if (protocol !== "http2" && !usesCallers && common === undefined) return {};
  return packed({
    ...(common && { commonHttpProtocolOptions: common }),
    upstreamProtocolOptions: usesCallers ? CALLERS_PROTOCOL : explicit(protocol),
  });
}

/** The same for the clusters that dial wherever a request was going. */
export function passthroughHttpOptions(): Record<string, Any> {
  return packed({
    commonHttpProtocolOptions: { idleTimeout: protoDuration(PASSTHROUGH_IDLE_MS) },
    upstreamProtocolOptions: CALLERS_PROTOCOL,
  });
}

/** The kernel's probes of silent connections, where a rule asks for them. */
export function keepAlive({ tcp }: ConnectionPool = {}): MessageInit<typeof ClusterSchema> {
  const { probes = 0, time, interval } = tcp?.tcpKeepalive ?? {};
  if (tcp?.tcpKeepalive === undefined) return {};
  const tcpKeepalive = {
    ...(probes > 0 && { keepaliveProbes: probes }),
    ...(time !== undefined && { keepaliveTime: seconds(time) }),
    ...(interval !== undefined && { keepaliveInterval: seconds(interval) }),
  };
  return { upstreamConnectionOptions: { tcpKeepalive } };
}

function seconds(duration: string): number {
  return Math.floor(durationMs(duration) / 1_000);
}

const CALLERS_PROTOCOL = {
  case: "useDownstreamProtocolConfig",
  value: { httpProtocolOptions: {}, http2ProtocolOptions: {} },
} as const satisfies HttpOptions["upstreamProtocolOptions"];

function explicit(protocol: Protocol): NonNullable<HttpOptions["upstreamProtocolOptions"]> {
  const protocolConfig =
    protocol === "http2"
      ? ({ case: "http2ProtocolOptions", value: {} } as const)
      : ({ case: "httpProtocolOptions", value: {} } as const);
  return { case: "explicitHttpConfig", value: { protocolConfig } };
}

/** 0 requests mean "no limit". */
function commonOptions({ tcp, http }: ConnectionPool): HttpOptions["commonHttpProtocolOptions"] {
  const { maxRequestsPerConnection = 0 } = http ?? {};
  const idleTimeout = http?.idleTimeout ?? tcp?.idleTimeout;
  const maxConnectionDuration = tcp?.maxConnectionDuration;
  if (maxRequestsPerConnection === 0 && idleTimeout === undefined && maxConnectionDuration === undefined)
    return undefined;
  return {
    ...(maxRequestsPerConnection > 0 && { maxRequestsPerConnection }),
    ...(idleTimeout !== undefined && { idleTimeout: protoDuration(durationMs(idleTimeout)) }),
    ...(maxConnectionDuration !== undefined && {
      maxConnectionDuration: protoDuration(durationMs(maxConnectionDuration)),
    }),
  };
}

function packed(options: HttpOptions): Record<string, Any> {
  return { [HTTP_OPTIONS]: anyPack(HttpProtocolOptionsSchema, create(HttpProtocolOptionsSchema, options)) };
}
