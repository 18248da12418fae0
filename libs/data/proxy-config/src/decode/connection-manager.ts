import type { FaultPolicy } from "@bookmesh/proxy-core";
import type { Random } from "@bookmesh/kernel";
import {
  FileAccessLogSchema,
  HTTPFaultSchema,
  HttpConnectionManagerSchema,
  HttpConnectionManager_CodecType as CodecType,
  HttpConnectionManager_UpgradeConfigSchema,
  HttpFilterSchema,
  RouterSchema,
  typeUrlOf,
  type AccessLog,
  type HttpConnectionManager,
  type HttpFilter,
} from "@bookmesh/xds-api";
import { readRouteConfiguration, type RouteConfigSpec } from "../route.ts";
import { readFault } from "./fault.ts";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readDurationMs } from "./values.ts";

/** An accepted HTTP connection manager, its route configuration by name or inline. */
export interface HttpChainSpec {
  readonly statPrefix: string;
  readonly routes:
    | { readonly kind: "discovered"; readonly name: string }
    | { readonly kind: "inline"; readonly config: RouteConfigSpec };
  /** `http_protocol_options.allow_absolute_url` is set: the listener takes requests as an HTTP proxy does. */
  readonly isForwardProxy: boolean;
  /** For routes that say nothing else; 0: none. */
  readonly idleTimeoutMs: number;
  readonly fault: FaultPolicy | undefined;
  readonly writesAccessLog: boolean;
  readonly usesRemoteAddress: boolean;
}

/** Envoy's default of `stream_idle_timeout`. */
const DEFAULT_STREAM_IDLE_TIMEOUT_MS = 300_000;

const MANAGER_FIELDS = [
  "codec_type",
  "stat_prefix",
  "rds",
  "route_config",
  "http_filters",
  "http_protocol_options",
  "access_log",
  "stream_idle_timeout",
  "upgrade_configs",
  "use_remote_address",
  "generate_request_id",
  "forward_client_cert_details",
  "set_current_client_cert_details",
  "server_name",
  "server_header_transformation",
  "normalize_path",
  "path_with_escaped_slashes_action",
  "request_id_extension",
] as const;

/** Reads an HTTP connection manager. */
export function readConnectionManager(
  place: Place,
  proto: HttpConnectionManager,
  random: Random,
): HttpChainSpec | undefined {
  refuseFieldsBut(place, [HttpConnectionManagerSchema, proto], MANAGER_FIELDS);
  if (proto.codecType !== CodecType.AUTO && proto.codecType !== CodecType.HTTP1)
    complain(below(place, "codec_type"), "must be AUTO or HTTP1");
  readUpgrades(place, proto);
  const fault = readHttpFilters(place, proto.httpFilters);
  const writesAccessLog = readAccessLogs(place, proto.accessLog);
  const idleAt = below(place, "stream_idle_timeout");
  const idleTimeoutMs = readDurationMs(idleAt, proto.streamIdleTimeout, DEFAULT_STREAM_IDLE_TIMEOUT_MS);
  const routes = readRoutes(place, proto, random);
  return (
    routes && {
      statPrefix: proto.statPrefix,
      routes,
      isForwardProxy: proto.httpProtocolOptions?.allowAbsoluteUrl ?? false,
      idleTimeoutMs,
      fault,
      writesAccessLog,
      usesRemoteAddress: proto.useRemoteAddress ?? false,
    }
  );
}

function readRoutes(
  place: Place,
  { routeSpecifier }: HttpConnectionManager,
  random: Random,
): HttpChainSpec["routes"] | undefined {
  switch (routeSpecifier.case) {
    case "rds": {
      const { routeConfigName, configSource } = routeSpecifier.value;
      const at = below(place, "rds");
      if (configSource?.configSourceSpecifier.case !== "ads")
        complain(below(at, "config_source"), "must be ads");
      if (routeConfigName === "") complain(below(at, "route_config_name"), "must not be empty");
      return { kind: "discovered", name: routeConfigName };
    }
    case "routeConfig": {
      const at = below(place, "route_config");
      return { kind: "inline", config: readRouteConfiguration(at, routeSpecifier.value, random) };
    }
    case "scopedRoutes":
    case undefined:
      complain(place, "must have rds or route_config");
      return undefined;
  }
}

/**
 * Websockets pass through. CONNECT is what a forward proxy offers: HTTP inside is routed, all else passes as bytes.
 */
function readUpgrades(place: Place, { upgradeConfigs }: HttpConnectionManager): void {
  for (const [index, upgrade] of upgradeConfigs.entries()) {
    const at = below(place, "upgrade_configs", index);
    refuseFieldsBut(at, [HttpConnectionManager_UpgradeConfigSchema, upgrade], ["upgrade_type", "enabled"]);
    if (!["connect", "websocket"].includes(upgrade.upgradeType.toLowerCase()))
      complain(below(at, "upgrade_type"), "must be CONNECT or websocket");
  }
}

/** The chain may hold the fault filter and must end with the router. */
function readHttpFilters(place: Place, filters: readonly HttpFilter[]): FaultPolicy | undefined {
  let fault: FaultPolicy | undefined;
  const last = filters.at(-1)?.configType;
  if (last?.case !== "typedConfig" || last.value.typeUrl !== typeUrlOf(RouterSchema))
    complain(below(place, "http_filters"), "must end with envoy.filters.http.router");
  for (const [index, filter] of filters.entries()) {
    const at = below(place, "http_filters", index);
    refuseFieldsBut(at, [HttpFilterSchema, filter], ["name", "typed_config", "is_optional"]);
    const { configType } = filter;
    if (configType.case !== "typedConfig") complain(at, "must have a typed_config");
    else if (configType.value.typeUrl === typeUrlOf(HTTPFaultSchema)) fault = readFault(at, configType.value);
    else if (configType.value.typeUrl !== typeUrlOf(RouterSchema))
      complain(at, `${JSON.stringify(filter.name)} is not supported by this proxy`);
  }
  return fault;
}

/** One line a request, as JSON on standard output: the only access log there is. */
function readAccessLogs(place: Place, logs: readonly AccessLog[]): boolean {
  for (const [index, log] of logs.entries()) {
    const at = below(place, "access_log", index);
    if (log.filter) complain(below(at, "filter"), "is not supported by this proxy");
    if (log.configType.value?.typeUrl !== typeUrlOf(FileAccessLogSchema))
      complain(at, `${JSON.stringify(log.name)} is not supported by this proxy`);
  }
  return logs.length > 0;
}
