import type { Any } from "@bufbuild/protobuf/wkt";
import {
  CommonHttpProtocolOptionsSchema,
  HttpProtocolOptionsSchema,
  type CommonHttpProtocolOptions,
  type HttpProtocolOptions,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readAny, readDurationMs } from "./values.ts";

const EXTENSION = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** How long connections are kept, and how much they serve. */
interface ConnectionLimits {
  readonly maxRequestsPerConnection: number;
  readonly idleTimeoutMs: number;
  readonly maxDurationMs: number;
}

/** Envoy's default of `idle_timeout`. */
const DEFAULT_IDLE_TIMEOUT_MS = 3_600_000;

const DEFAULTS: ConnectionLimits = {
  maxRequestsPerConnection: Infinity,
  idleTimeoutMs: DEFAULT_IDLE_TIMEOUT_MS,
  maxDurationMs: Infinity,
};

/**
 * Reads `typed_extension_protocol_options`. Upstreams get the protocol that the client speaks: HTTP/1.1 request by
 * request, HTTP/2 as the bytes of a tunnel; so an HTTP/2 upstream is for clients that speak it.
 */
export function readProtocolOptions(
  place: Place,
  extensions: Readonly<Record<string, Any>>,
): ConnectionLimits {
  let limits = DEFAULTS;
  for (const [name, any] of Object.entries(extensions)) {
    const at = below(place, "typed_extension_protocol_options", name);
    if (name !== EXTENSION) complain(at, "is not supported by this proxy");
    const options = name === EXTENSION ? readAny(at, any, HttpProtocolOptionsSchema) : undefined;
    if (options) limits = readHttpOptions(at, options);
  }
  return limits;
}

function readHttpOptions(place: Place, options: HttpProtocolOptions): ConnectionLimits {
  refuseFieldsBut(
    place,
    [HttpProtocolOptionsSchema, options],
    ["common_http_protocol_options", "explicit_http_config", "use_downstream_protocol_config"],
  );
  const { upstreamProtocolOptions: protocol, commonHttpProtocolOptions: common } = options;
  if (protocol.case === "explicitHttpConfig" && protocol.value.protocolConfig.case === "http3ProtocolOptions")
    complain(below(place, "explicit_http_config.http3_protocol_options"), "is not supported by this proxy");
  return common ? readCommonOptions(below(place, "common_http_protocol_options"), common) : DEFAULTS;
}

function readCommonOptions(place: Place, common: CommonHttpProtocolOptions): ConnectionLimits {
  refuseFieldsBut(
    place,
    [CommonHttpProtocolOptionsSchema, common],
    ["idle_timeout", "max_connection_duration", "max_requests_per_connection"],
  );
  const durationMs = (field: string, value: CommonHttpProtocolOptions["idleTimeout"], absentMs: number) =>
    // 0 is another way to say "no limit", as it is for requests.
    readDurationMs(below(place, field), value, absentMs) || Infinity;
  return {
    maxRequestsPerConnection: common.maxRequestsPerConnection || Infinity,
    idleTimeoutMs: durationMs("idle_timeout", common.idleTimeout, DEFAULT_IDLE_TIMEOUT_MS),
    maxDurationMs: durationMs("max_connection_duration", common.maxConnectionDuration, 0),
  };
}
