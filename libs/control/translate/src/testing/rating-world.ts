import { fromBinary, toJson, type JsonObject, type JsonValue } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { EndpointSlice, Pod, Service } from "@bookmesh/kube-api";
import { DEFAULT_MESH_CONFIG, type DestinationRule, type VirtualService } from "@bookmesh/mesh-api";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { anyRegistry } from "@bookmesh/xds-api/admin";
import { meshTranslator } from "../mesh-translator.ts";
import type { MeshSnapshot } from "../mesh-snapshot.ts";
import type { ProxyView } from "../proxy-view.ts";
/** The full name of the service. */
export const HOST = "rating.default.svc.cluster.local";

/** Its service, on port 8080 for the application's 8082. */
export const rating: Service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "rating", namespace: "default" },
  spec: {
    clusterIP: "10.96.0.11",
    selector: { app: "rating" },
    ports: [{ name: "http", port: 8080, targetPort: 8082 }],
  },
};

function pod(version: string, podIP: string): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `rating-${version}`, namespace: "default", labels: { app: "rating", version } },
    spec: { containers: [{ name: "app", ports: [{ name: "web", containerPort: 8090 }] }] },
    status: { phase: "Running", podIP },
  };
}

/** Its EndpointSlice. */
export function slice(endpoints: EndpointSlice["endpoints"]): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "rating-1",
      namespace: "default",
      labels: { "kubernetes.io/service-name": "rating" },
    },
    addressType: "IPv4",
    ports: [{ name: "http", port: 8082 }],
    endpoints,
  };
}

/** Both versions, ready. */
export const READY: EndpointSlice["endpoints"] = ["v1", "v2"].map((version, index) => ({
  addresses: [`127.16.0.${index + 1}`],
  conditions: { ready: true },
  targetRef: { kind: "Pod", name: `rating-${version}`, namespace: "default" },
}));

/** Names the subset v1. */
export const subsets: DestinationRule = {
  apiVersion: "networking.istio.io/v1",
  kind: "DestinationRule",
  metadata: { name: "rating", namespace: "default" },
  spec: { host: "rating", subsets: [{ name: "v1", labels: { version: "v1" } }] },
};

/** Sends all calls to the subset v1. */
export const toV1: VirtualService = {
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  metadata: { name: "rating", namespace: "default" },
  spec: {
    hosts: ["rating"],
    http: [{ name: "canary", route: [{ destination: { host: "rating", subset: "v1" } }] }],
  },
};

/** The service, its two pods, no rules. */
export const WORLD: MeshSnapshot = {
  namespaces: [],
  services: [rating],
  endpointSlices: [slice(READY)],
  pods: [pod("v1", "127.16.0.1"), pod("v2", "127.16.0.2")],
  virtualServices: [],
  destinationRules: [],
  gateways: [],
  credentials: [],
  meshConfig: DEFAULT_MESH_CONFIG,
};

/** A sidecar whose pod belongs to no service. */
export const CALLER: ProxyView = {
  namespace: "default",
  labels: { app: "book" },
  podIp: "127.16.0.9",
  applicationAddress: "127.144.0.9",
};
/** The sidecar of the first pod. */
export const RATING_V1: ProxyView = {
  ...CALLER,
  labels: { app: "rating", version: "v1" },
  podIp: "127.16.0.1",
  applicationAddress: "127.144.0.1",
};

/** The resources of one type as JSON with the names of the .proto files. */
export function resourcesOf(
  type: keyof typeof TYPE_URLS,
  world: Partial<MeshSnapshot> = {},
  view: ProxyView = CALLER,
): Record<string, JsonObject> {
  const typed = meshTranslator()
    .translate({ ...WORLD, ...world }, view)
    .get(TYPE_URLS[type]);
  const entries = [...(typed?.resources ?? [])].map(([name, { any }]) => {
    const json = toJson(AnySchema, fromBinary(AnySchema, any), {
      registry: anyRegistry(),
      useProtoFieldName: true,
    });
    return [name, asObject(json)] as const;
  });
  return Object.fromEntries(entries);
}

function asObject(json: JsonValue): JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : {};
}
