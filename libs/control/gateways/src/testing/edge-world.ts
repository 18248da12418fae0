import { fromBinary, toJson } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import type { Pod, Service } from "@bookmesh/kube-api";
import {
  DEFAULT_MESH_CONFIG,
  type Gateway,
  type GatewayServer,
  type HttpRoute,
  type VirtualService,
} from "@bookmesh/mesh-api";
import { meshTranslator, type MeshSnapshot, type ProxyView } from "@bookmesh/translate";
import { anyRegistry } from "@bookmesh/xds-api/admin";
import { routerTranslator } from "../router-translator.ts";

/** The gateway of the world. */
export const EDGE: ProxyView = {
  role: "router",
  namespace: "istio-system",
  labels: { app: "istio-ingressgateway", istio: "ingressgateway" },
  podIp: "10.244.0.9",
  applicationAddress: "127.0.0.1",
  wildcards: ["0.0.0.0"],
};

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "istio-ingressgateway-1", namespace: "istio-system", labels: EDGE.labels },
  spec: { containers: [] },
  status: { phase: "Running", podIP: EDGE.podIp },
};

function service(name: string, namespace: string, spec: Service["spec"]): Service {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}

/** A gateway, and a service of the mesh. */
export const WORLD: MeshSnapshot = {
  namespaces: [],
  services: [
    service("istio-ingressgateway", "istio-system", {
      clusterIP: "10.96.0.9",
      selector: { istio: "ingressgateway" },
      ports: [
        { name: "http2", port: 80, targetPort: 8_080 },
        { name: "https", port: 443, targetPort: 8_443 },
      ],
    }),
    service("book-service", "default", {
      clusterIP: "10.96.0.11",
      selector: { app: "book" },
      ports: [{ name: "http", port: 8_080 }],
    }),
  ],
  endpointSlices: [],
  pods: [pod],
  virtualServices: [],
  destinationRules: [],
  gateways: [],
  credentials: [],
  meshConfig: DEFAULT_MESH_CONFIG,
};

/** A server in the clear, on the port 80 of the gateway's Service. */
export function http(...hosts: readonly string[]): GatewayServer {
  return { port: { number: 80, name: "http", protocol: "HTTP" }, hosts };
}

/** An encrypted server, on the port 443 of the gateway's Service. */
export function https(name: string, ...hosts: readonly string[]): GatewayServer {
  return {
    port: { number: 443, name, protocol: "HTTPS" },
    hosts,
    tls: { mode: "SIMPLE", credentialName: name },
  };
}

/** A Gateway of namespace `default`; `age` orders several. */
export function gateway(name: string, servers: readonly GatewayServer[], age = 0): Gateway {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name, namespace: "default", creationTimestamp: `2026-01-01T00:00:0${age}Z` },
    spec: { selector: { istio: "ingressgateway" }, servers },
  };
}

/** A VirtualService of namespace `default` that holds in Gateways. */
export function rule(
  hosts: readonly string[],
  routes: readonly HttpRoute[] = [{ route: [{ destination: { host: "book-service" } }] }],
  gateways: readonly string[] = ["edge"],
): VirtualService {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: hosts.join("-").replaceAll(/[^a-z-]/g, "x"), namespace: "default" },
    spec: { hosts, gateways, http: routes },
  };
}

/** A message as JSON with the names of the .proto files. */
export type Message = Readonly<Record<string, unknown>>;

/** The resources of one type that a gateway gets, by their names. */
export function resourcesOf(
  typeUrl: string,
  world: Partial<MeshSnapshot>,
  view: ProxyView = EDGE,
): Readonly<Record<string, Message>> {
  const translator = meshTranslator(routerTranslator());
  const typed = translator.translate({ ...WORLD, ...world }, view).get(typeUrl);
  const options = { registry: anyRegistry(), useProtoFieldName: true };
  const entries = [...(typed?.resources ?? [])].map(([name, { any }]) => [
    name,
    toJson(AnySchema, fromBinary(AnySchema, any), options),
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, Message>>;
}
