import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  FileAccessLogSchema,
  type FilterChainSchema,
  HTTPFaultSchema,
  HttpConnectionManagerSchema,
  HttpInspectorSchema,
  ListenerSchema,
  RouterSchema,
  TcpProxySchema,
  TrafficDirection,
  type Listener,
} from "@bookmesh/xds-api";
import { fromAds } from "./config-source.ts";
import { protoDuration } from "./duration.ts";
import { FAULT_FILTER } from "./http-route.ts";
import type { MessageInit } from "./message-init.ts";
import { HTTP_PROXY, inboundCluster } from "./names.ts";
import type { Protocol } from "./protocol.ts";
import { translateInboundRoutes } from "./route.ts";
import { socketAddress } from "./socket-address.ts";

/** Where the sidecar listens as an HTTP proxy. */
const HTTP_PROXY_PORT = 15_007;

/** Everything that the listener `http_proxy` depends on. It is also the cache key. */
export interface HttpProxyListenerInputs {
  readonly address: string;
  readonly accessLogFile: string;
}

/** Everything that an inbound listener depends on. It is also the cache key. */
export interface InboundListenerInputs {
  readonly podIp: string;
  /** The port of the application, and of the listener in front of it. */
  readonly port: number;
  readonly protocol: Protocol;
  readonly accessLogFile: string;
}

/** Builds the listener that applications name in `http_proxy`. */
export function translateHttpProxyListener({ address, accessLogFile }: HttpProxyListenerInputs): Listener {
  return create(ListenerSchema, {
    name: HTTP_PROXY,
    address: socketAddress(address, HTTP_PROXY_PORT),
    trafficDirection: TrafficDirection.OUTBOUND,
    filterChains: [
      httpChain({
        statPrefix: HTTP_PROXY,
        routeSpecifier: {
          case: "rds",
          value: {
            routeConfigName: HTTP_PROXY,
            configSource: fromAds(),
          },
        },
        httpProtocolOptions: { allowAbsoluteUrl: true },
        upgradeConfigs: [...WEBSOCKET, { upgradeType: "CONNECT" }],
        ...accessLog(accessLogFile),
      }),
    ],
  });
}

/** Builds the listener in front of one port of the application. */
export function translateInboundListener(inputs: InboundListenerInputs): Listener {
  const { podIp, port, protocol } = inputs;
  return create(ListenerSchema, {
    name: `${podIp}_${port}`,
    address: socketAddress(podIp, port),
    trafficDirection: TrafficDirection.INBOUND,
    listenerFilters: protocol === "auto" ? [httpInspector()] : [],
    filterChains: inboundChains(inputs),
  });
}

type Chain = MessageInit<typeof FilterChainSchema>;

function inboundChains(inputs: InboundListenerInputs): Chain[] {
  switch (inputs.protocol) {
    case "http":
      return [inboundHttp(inputs)];
    case "auto":
      return [
        { ...inboundHttp(inputs), filterChainMatch: { applicationProtocols: HTTP1 } },
        inboundTcp(inputs),
      ];
    case "http2":
    case "tcp":
    case "tls":
    case "udp":
      return [inboundTcp(inputs)];
  }
}

const WEBSOCKET = [{ upgradeType: "websocket" }];

/** What `http_inspector` calls a connection that begins with an HTTP/1 request. */
const HTTP1 = ["http/1.0", "http/1.1"];

function inboundHttp({ port, accessLogFile }: InboundListenerInputs): Chain {
  return httpChain({
    statPrefix: `inbound_0.0.0.0_${port}`,
    routeSpecifier: { case: "routeConfig", value: translateInboundRoutes(port) },
    upgradeConfigs: WEBSOCKET,
    ...accessLog(accessLogFile),
  });
}

function inboundTcp({ port }: InboundListenerInputs): Chain {
  const proxy = create(TcpProxySchema, {
    statPrefix: inboundCluster(port),
    clusterSpecifier: { case: "cluster", value: inboundCluster(port) },
  });
  return {
    filters: [
      {
        name: "envoy.filters.network.tcp_proxy",
        configType: { case: "typedConfig", value: anyPack(TcpProxySchema, proxy) },
      },
    ],
  };
}

/** The filters in their order: faults are made before anything is forwarded, the router forwards. */
function httpChain(manager: MessageInit<typeof HttpConnectionManagerSchema>): Chain {
  const fault = anyPack(HTTPFaultSchema, create(HTTPFaultSchema));
  const router = anyPack(RouterSchema, create(RouterSchema));
  const message = create(HttpConnectionManagerSchema, {
    ...manager,
    streamIdleTimeout: protoDuration(0),
    httpFilters: [
      { name: FAULT_FILTER, configType: { case: "typedConfig", value: fault } },
      { name: "envoy.filters.http.router", configType: { case: "typedConfig", value: router } },
    ],
  });
  const typedConfig = anyPack(HttpConnectionManagerSchema, message);
  return {
    filters: [
      {
        name: "envoy.filters.network.http_connection_manager",
        configType: { case: "typedConfig", value: typedConfig },
      },
    ],
  };
}

function accessLog(path: string): Pick<MessageInit<typeof HttpConnectionManagerSchema>, "accessLog"> {
  if (path === "") return {};
  const file = anyPack(FileAccessLogSchema, create(FileAccessLogSchema, { path }));
  return {
    accessLog: [{ name: "envoy.access_loggers.file", configType: { case: "typedConfig", value: file } }],
  };
}

function httpInspector() {
  const inspector = anyPack(HttpInspectorSchema, create(HttpInspectorSchema));
  return {
    name: "envoy.filters.listener.http_inspector",
    configType: { case: "typedConfig", value: inspector },
  } as const;
}
