import { fromBinary, toJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { ProxyResources } from "@bookmesh/translate";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { anyRegistry } from "@bookmesh/xds-api/admin";

/** The cluster of a control plane that is never called: Envoy wants one where a resource is to come from it. */
const CONTROL_PLANE = "control-plane";

/**
 * A file from which a stock Envoy starts with all of a proxy's resources. Route configurations stand in listeners of
 * their own: such a file has no other place for them.
 */
export function envoyBootstrap(resources: ProxyResources): JsonObject {
  const of = (type: keyof typeof TYPE_URLS) =>
    [...(resources.get(TYPE_URLS[type])?.resources.values() ?? [])].map(({ any }) => messageOf(any));
  return {
    node: { id: "sidecar~10.244.0.9~caller.default~default.svc.cluster.local", cluster: "caller.default" },
    dynamic_resources: {
      ads_config: {
        api_type: "GRPC",
        transport_api_version: "V3",
        grpc_services: [{ envoy_grpc: { cluster_name: CONTROL_PLANE } }],
      },
    },
    static_resources: {
      listeners: [...of("listener"), ...of("route").map(listenerOf)],
      clusters: [...of("cluster"), { name: CONTROL_PLANE, type: "STATIC" }],
    },
  };
}

function messageOf(any: Uint8Array): JsonObject {
  const json = toJson(AnySchema, fromBinary(AnySchema, any), {
    registry: anyRegistry(),
    useProtoFieldName: true,
  });
  if (!isObject(json)) throw new Error("A resource is no message.");
  return Object.fromEntries(Object.entries(json).filter(([key]) => key !== "@type"));
}

function listenerOf(routes: JsonObject, index: number): JsonObject {
  const manager = {
    "@type":
      "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
    stat_prefix: `routes-${index}`,
    route_config: routes,
    http_filters: [
      filter("envoy.filters.http.fault", "fault.v3.HTTPFault"),
      filter("envoy.filters.http.router", "router.v3.Router"),
    ],
  };
  return {
    name: `routes-${index}`,
    address: { socket_address: { address: "127.0.0.1", port_value: 20_000 + index } },
    filter_chains: [
      { filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }] },
    ],
  };
}

function filter(name: string, type: string): JsonObject {
  return { name, typed_config: { "@type": `type.googleapis.com/envoy.extensions.filters.http.${type}` } };
}

function isObject(json: JsonValue): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
