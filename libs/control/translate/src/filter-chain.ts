import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  type FilterChainSchema,
  HTTPFaultSchema,
  HttpConnectionManagerSchema,
  HttpInspectorSchema,
  type ListenerFilterSchema,
  type ListenerSchema,
  RouterSchema,
  TcpProxySchema,
} from "@bookmesh/xds-api";
import { protoDuration } from "./duration.ts";
import { FAULT_FILTER } from "./http-route.ts";
import type { MessageInit } from "./message-init.ts";

/** A filter chain that is being built. */
export type Chain = MessageInit<typeof FilterChainSchema>;

/** Connections that may leave HTTP behind. */
export const WEBSOCKET = [{ upgradeType: "websocket" }];

/** What `http_inspector` calls a connection that begins with an HTTP/1 request. */
export const HTTP1 = ["http/1.0", "http/1.1"];

/** A chain that passes bytes on to a cluster. */
export function tcpChain(cluster: string): Chain {
  const proxy = create(TcpProxySchema, {
    statPrefix: cluster,
    clusterSpecifier: { case: "cluster", value: cluster },
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

/** A chain that reads HTTP. The filters in their order: faults are made before anything is forwarded, the router forwards. */
export function httpChain(manager: MessageInit<typeof HttpConnectionManagerSchema>): Chain {
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

/**
 * How long the first bytes of a connection are waited for whose port may speak anything: a server that speaks first
 * says nothing until the connection is through to it, and its client neither.
 */
const INSPECTION_MS = 1_000;

/** What makes a listener look at first bytes, and go on as with bytes of no known kind where none come. */
export function inspection(): MessageInit<typeof ListenerSchema> {
  return {
    listenerFilters: [httpInspector()],
    listenerFiltersTimeout: protoDuration(INSPECTION_MS),
    continueOnListenerFiltersTimeout: true,
  };
}

/** The listener filter that looks whether a connection begins with an HTTP/1 request. */
export function httpInspector(): MessageInit<typeof ListenerFilterSchema> {
  const inspector = anyPack(HttpInspectorSchema, create(HttpInspectorSchema));
  return {
    name: "envoy.filters.listener.http_inspector",
    configType: { case: "typedConfig", value: inspector },
  };
}
