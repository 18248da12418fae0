import type { Inspection, Listener, Redirection, SocketPlace } from "@bookmesh/proxy-core";
import { err, ok, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import {
  AdditionalAddressSchema,
  HttpInspectorSchema,
  ListenerFilterSchema,
  ListenerSchema,
  OriginalDstSchema,
  TlsInspectorSchema,
  TrafficDirection,
  typeUrlOf,
  type Listener as ListenerProto,
} from "@bookmesh/xds-api";
import { readFilterChains, type ChainTableSpec } from "./decode/filter-chains.ts";
import { below, complain, placeOf, refuseFieldsBut, type Place } from "./decode/place.ts";
import { readDurationMs, readSocketAddress } from "./decode/values.ts";

/** An accepted listener, routes and clusters still by name. */
export interface ListenerSpec extends ChainTableSpec {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly additionalAddresses: readonly SocketPlace[];
  readonly direction: Listener["direction"];
  readonly hasSocket: boolean;
  readonly redirection: Redirection;
  readonly inspection: Inspection;
}

/** Envoy's default of `listener_filters_timeout`. */
const DEFAULT_INSPECTION_MS = 15_000;

/** Reads a listener, or says everything that is wrong with it. */
export function decodeListener(
  proto: ListenerProto,
  random: Random,
): Result<ListenerSpec, readonly ConfigIssue[]> {
  const place = placeOf("listeners", proto.name);
  refuseFieldsBut(
    place,
    [ListenerSchema, proto],
    [
      "name",
      "address",
      "additional_addresses",
      "stat_prefix",
      "filter_chains",
      "default_filter_chain",
      "metadata",
      "listener_filters",
      "listener_filters_timeout",
      "continue_on_listener_filters_timeout",
      "traffic_direction",
      "bind_to_port",
      "use_original_dst",
      // How the kernel spreads connections over threads; there is one.
      "enable_reuse_port",
      "connection_balance_config",
    ],
  );
  const socket = readSocketAddress(below(place, "address"), proto.address);
  const spec = {
    name: proto.name,
    additionalAddresses: readAdditionalAddresses(place, proto),
    direction: readDirection(proto),
    hasSocket: proto.bindToPort ?? true,
    redirection: readRedirection(place, proto),
    inspection: readInspection(place, proto),
    ...readFilterChains(place, proto, random),
  };
  if (spec.secureChains.length > 0 && (spec.redirection !== "none" || !spec.hasSocket))
    complain(below(place, "filter_chains"), "must not be for TLS where connections are redirected");
  if (place.issues.length > 0 || !socket) return err(place.issues);
  return ok({ ...spec, ...socket });
}

/** The route configurations that a listener asks for by name. */
export function routeNamesOf({ http, chainsByPort, secureChains }: ListenerSpec): readonly string[] {
  const managers = [http, ...[...chainsByPort.values(), ...secureChains].map((chains) => chains.http)];
  return managers.flatMap((manager) => (manager?.routes.kind === "discovered" ? [manager.routes.name] : []));
}

/** The certificates that a listener asks for by name. */
export function secretNamesOf({ secureChains }: ListenerSpec): readonly string[] {
  return secureChains.flatMap(({ tls }) => (tls ? [tls.secretName] : []));
}

function readAdditionalAddresses(
  place: Place,
  { additionalAddresses }: ListenerProto,
): readonly SocketPlace[] {
  return additionalAddresses.flatMap((additional, index) => {
    const at = below(place, "additional_addresses", index);
    refuseFieldsBut(at, [AdditionalAddressSchema, additional], ["address"]);
    return readSocketAddress(below(at, "address"), additional.address) ?? [];
  });
}

function readDirection({ trafficDirection }: ListenerProto): Listener["direction"] {
  return trafficDirection === TrafficDirection.INBOUND ? "inbound" : "outbound";
}

function readInspection(place: Place, proto: ListenerProto): Inspection {
  const at = below(place, "listener_filters_timeout");
  return {
    timeoutMs: readDurationMs(at, proto.listenerFiltersTimeout, DEFAULT_INSPECTION_MS),
    goesOn: proto.continueOnListenerFiltersTimeout,
  };
}

/** Both inspectors are what the proxy does wherever a port has two chains: it looks at a connection's first bytes. */
function readRedirection(place: Place, { listenerFilters, useOriginalDst }: ListenerProto): Redirection {
  const originalDst = typeUrlOf(OriginalDstSchema);
  const known = [originalDst, typeUrlOf(HttpInspectorSchema), typeUrlOf(TlsInspectorSchema)];
  let redirection: Redirection = "none";
  for (const [index, filter] of listenerFilters.entries()) {
    const at = below(place, "listener_filters", index);
    refuseFieldsBut(at, [ListenerFilterSchema, filter], ["name", "typed_config"]);
    const typeUrl = filter.configType.case === "typedConfig" ? filter.configType.value.typeUrl : "";
    if (!known.includes(typeUrl))
      complain(at, `${JSON.stringify(filter.name)} is not supported by this proxy`);
    if (typeUrl === originalDst) redirection = "ownChains";
  }
  return useOriginalDst ? "allListeners" : redirection;
}
