import { fromBinary, toJson, type JsonObject, type JsonValue, type Registry } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { TYPE_URLS } from "@bookmesh/xds-api";
import type { ProxyResources, TypedResources } from "@bookmesh/translate";

/** What a proxy should have, in the shape of Envoy's own `/config_dump`. */
export function configDump(resources: ProxyResources, registry: Registry): JsonObject {
  const of = (typeUrl: string) => resources.get(typeUrl);
  const json = (type: TypedResources | undefined) => decodeAll(type, registry);
  return {
    configs: [
      {
        "@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump",
        dynamicActiveClusters: json(of(TYPE_URLS.cluster)).map((cluster) => ({ cluster })),
      },
      {
        "@type": "type.googleapis.com/envoy.admin.v3.EndpointsConfigDump",
        dynamicEndpointConfigs: json(of(TYPE_URLS.endpoint)).map((endpointConfig) => ({ endpointConfig })),
      },
      {
        "@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump",
        dynamicListeners: json(of(TYPE_URLS.listener)).map((listener) => ({
          name: nameOf(listener),
          activeState: { listener },
        })),
      },
      {
        "@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump",
        dynamicRouteConfigs: json(of(TYPE_URLS.route)).map((routeConfig) => ({ routeConfig })),
      },
    ],
  };
}

function decodeAll(typed: TypedResources | undefined, registry: Registry): readonly JsonValue[] {
  return [...(typed?.resources.values() ?? [])].map(({ any }) =>
    toJson(AnySchema, fromBinary(AnySchema, any), { registry }),
  );
}

function nameOf(listener: JsonValue): string {
  const name = typeof listener === "object" && listener && !Array.isArray(listener) ? listener["name"] : "";
  return typeof name === "string" ? name : "";
}
