import type { SocketPlace } from "@bookmesh/proxy-core";
import type { Service } from "@bookmesh/kube-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import { targetOf, type Call } from "./call.ts";

/** An address outside of every cluster. Source: RFC 5737. */
const OUTSIDE = "198.51.100.1";

/** Where a connection goes once its host's name is looked up: a ClusterIP, a pod of a headless service, or outside. */
export function destinationOf(call: Call, world: MeshSnapshot, namespace: string): SocketPlace {
  const { host, port } = targetOf(call);
  if (/^[\d.]+$/.test(host)) return { address: host, port };
  const service = world.services.find((each) => namesOf(each, namespace).includes(host.replace(/\.$/, "")));
  return { address: service === undefined ? OUTSIDE : addressOf(service, world), port };
}

function namesOf(
  { metadata: { name, namespace: own = "default" } }: Service,
  namespace: string,
): readonly string[] {
  const full = [`${name}.${own}`, `${name}.${own}.svc`, `${name}.${own}.svc.cluster.local`];
  return own === namespace ? [name, ...full] : full;
}

function addressOf({ spec, metadata }: Service, { endpointSlices }: MeshSnapshot): string {
  if (spec.clusterIP !== undefined && spec.clusterIP !== "None") return spec.clusterIP;
  const slice = endpointSlices.find(
    (each) =>
      (each.metadata.namespace ?? "default") === (metadata.namespace ?? "default") &&
      each.metadata.labels?.["kubernetes.io/service-name"] === metadata.name,
  );
  return slice?.endpoints[0]?.addresses[0] ?? OUTSIDE;
}

/** Gives services that nobody has given an address one, as a cluster would; headless and external ones have none. */
export function withAddresses(world: MeshSnapshot): MeshSnapshot {
  const services = world.services.map((service, index): Service => {
    const { type, clusterIP } = service.spec;
    if (clusterIP !== undefined || type === "ExternalName") return service;
    return {
      ...service,
      spec: { ...service.spec, clusterIP: `10.96.${(index + 20) >> 8}.${(index + 20) & 255}` },
    };
  });
  return { ...world, services };
}
