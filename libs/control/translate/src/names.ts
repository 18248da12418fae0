/** The listener and route configuration of calls that go through the sidecar as an HTTP proxy. */
export const HTTP_PROXY = "http_proxy";
/** The cluster that dials whatever the request names. */
export const PASSTHROUGH_CLUSTER = "PassthroughCluster";
/** The cluster that dials nothing. */
export const BLACK_HOLE_CLUSTER = "BlackHoleCluster";
/** The listener that takes what a pod sends, and the one that takes what is sent to it (interception mode REDIRECT). */
export const VIRTUAL_OUTBOUND = "virtualOutbound";
export const VIRTUAL_INBOUND = "virtualInbound";
/** The cluster of ports that no service names: the pod's own, where the connection was going. */
export const INBOUND_PASSTHROUGH_CLUSTER = "InboundPassthroughCluster";
/** The name that gateways have for all sidecars. */
export const MESH_GATEWAY = "mesh";

/** The Gateway that a rule of `namespace` means, as `namespace/name`; `mesh` stays what it is. */
export function resolveGateway(gateway: string, namespace: string): string {
  return gateway === MESH_GATEWAY || gateway.includes("/") ? gateway : `${namespace}/${gateway}`;
}

/** `outbound|8080|version-v1|rating.default.svc.cluster.local`: CDS defines it, RDS refers to it, EDS is keyed by it. */
export function outboundCluster({
  host,
  port,
  subset = "",
}: {
  readonly host: string;
  readonly port: number;
  readonly subset?: string | undefined;
}): string {
  return `outbound|${port}|${subset}|${host}`;
}

/** `inbound|8080||`: a cluster, and the route configuration in front of it. */
export function inboundCluster(port: number): string {
  return `inbound|${port}||`;
}

/** Where a rule is found in the API; tools read it from `istio.config` in the metadata of what the rule shaped. */
export function rulePath(
  kind: "virtual-service" | "destination-rule",
  namespace: string,
  name: string,
): string {
  return `/apis/networking.istio.io/v1/namespaces/${namespace}/${kind}/${name}`;
}
