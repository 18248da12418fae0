import type { KubeObject } from "@bookmesh/kube-api";
import { objectOf, type JsonObject } from "@bookmesh/kube-model";
import { fill, fillEach } from "./fill.ts";

/** Seconds that a client sticks to an endpoint. */
const AFFINITY_TIMEOUT_SECONDS = 10_800;

/** Services. Addresses and node ports are not defaults: the API server hands them out. */
export function serviceDefaults(service: KubeObject): KubeObject {
  const typed = fill(objectOf(service["spec"]), { sessionAffinity: "None", type: "ClusterIP" });
  const spec = fillEach(typed, "ports", (port) => portDefaults(port));
  return { ...service, spec: fill(spec, { ...affinityDefaults(spec), ...trafficDefaults(spec) }) };
}

/** EndpointSlices. */
export function endpointSliceDefaults(slice: KubeObject): KubeObject {
  const filled = fillEach(slice, "ports", (port) => fill(port, { name: "", protocol: "TCP" }));
  return { ...slice, ...filled };
}

/** Endpoints. */
export function endpointsDefaults(endpoints: KubeObject): KubeObject {
  const filled = fillEach(endpoints, "subsets", (subset) =>
    fillEach(subset, "ports", (port) => fill(port, { protocol: "TCP" })),
  );
  return { ...endpoints, ...filled };
}

function portDefaults(port: JsonObject): JsonObject {
  const filled = fill(port, { protocol: "TCP", targetPort: port["port"] });
  const isUnset = filled["targetPort"] === 0 || filled["targetPort"] === "";
  return isUnset ? { ...filled, targetPort: port["port"] } : filled;
}

function affinityDefaults({ sessionAffinity }: JsonObject): JsonObject {
  if (sessionAffinity !== "ClientIP") return {};
  return { sessionAffinityConfig: { clientIP: { timeoutSeconds: AFFINITY_TIMEOUT_SECONDS } } };
}

function trafficDefaults({ type }: JsonObject): JsonObject {
  if (type === "ExternalName") return {};
  const inside = { internalTrafficPolicy: "Cluster", ipFamilies: ["IPv4"], ipFamilyPolicy: "SingleStack" };
  if (type === "NodePort") return { ...inside, externalTrafficPolicy: "Cluster" };
  if (type !== "LoadBalancer") return inside;
  return { ...inside, externalTrafficPolicy: "Cluster", allocateLoadBalancerNodePorts: true };
}
