import { create } from "@bufbuild/protobuf";
import { ListenerSchema, TrafficDirection, type Listener } from "@bookmesh/xds-api";
import { fromAds } from "./config-source.ts";
import { accessLog } from "./access-log.ts";
import { HTTP1, httpChain, inspection, tcpChain, WEBSOCKET, type Chain } from "./filter-chain.ts";
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
    ...(protocol === "auto" && inspection()),
    filterChains: inboundChains(inputs),
  });
}

/** The chains in front of one port of the application, as its protocol wants them. */
export function inboundChains(inputs: Omit<InboundListenerInputs, "podIp">): Chain[] {
  switch (inputs.protocol) {
    case "http":
      return [inboundHttp(inputs)];
    case "auto":
      return [
        { ...inboundHttp(inputs), filterChainMatch: { applicationProtocols: HTTP1 } },
        tcpChain(inboundCluster(inputs.port)),
      ];
    case "http2":
    case "tcp":
    case "tls":
    case "udp":
      return [tcpChain(inboundCluster(inputs.port))];
  }
}

function inboundHttp({ port, accessLogFile }: Omit<InboundListenerInputs, "podIp">): Chain {
  return httpChain({
    statPrefix: `inbound_0.0.0.0_${port}`,
    routeSpecifier: { case: "routeConfig", value: translateInboundRoutes(port) },
    upgradeConfigs: WEBSOCKET,
    ...accessLog(accessLogFile),
  });
}
