import type { Any } from "@bufbuild/protobuf/wkt";
import {
  CommonHttpProtocolOptionsSchema,
  HttpProtocolOptionsSchema,
  type CommonHttpProtocolOptions,
  type HttpProtocolOptions,
} from "@bookmesh/xds-api";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readAny } from "./values.ts";

const EXTENSION = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/**
 * Reads `typed_extension_protocol_options`. Upstreams get the protocol that the client speaks: HTTP/1.1 request by
 * request, HTTP/2 as the bytes of a tunnel; so an HTTP/2 upstream is for clients that speak it. Returns the requests
 * that one connection may carry, where that is limited.
 */
export function readProtocolOptions(
  place: Place,
  extensions: Readonly<Record<string, Any>>,
): number | undefined {
  let perConnection: number | undefined;
  for (const [name, any] of Object.entries(extensions)) {
    const at = below(place, "typed_extension_protocol_options", name);
    if (name !== EXTENSION) complain(at, "is not supported by this proxy");
    const options = name === EXTENSION ? readAny(at, any, HttpProtocolOptionsSchema) : undefined;
    if (options) perConnection = readHttpOptions(at, options);
  }
  return perConnection;
}

function readHttpOptions(place: Place, options: HttpProtocolOptions): number | undefined {
  refuseFieldsBut(
    place,
    [HttpProtocolOptionsSchema, options],
    ["common_http_protocol_options", "explicit_http_config", "use_downstream_protocol_config"],
  );
  const { upstreamProtocolOptions: protocol, commonHttpProtocolOptions: common } = options;
  if (protocol.case === "explicitHttpConfig" && protocol.value.protocolConfig.case === "http3ProtocolOptions")
    complain(below(place, "explicit_http_config.http3_protocol_options"), "is not supported by this proxy");
  return common && readCommonOptions(below(place, "common_http_protocol_options"), common);
}

function readCommonOptions(place: Place, common: CommonHttpProtocolOptions): number | undefined {
  refuseFieldsBut(
    place,
    [CommonHttpProtocolOptionsSchema, common],
    // Connections close earlier than `idle_timeout` asks, never later.
    ["idle_timeout", "max_requests_per_connection"],
  );
  return common.maxRequestsPerConnection;
}
