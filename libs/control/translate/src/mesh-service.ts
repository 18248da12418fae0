import type { Service } from "@bookmesh/kube-api";
import { serviceHost } from "./host-name.ts";
import { protocolOf, type Protocol } from "./protocol.ts";

/** A port of a service. */
export interface MeshPort {
  readonly number: number;
  /** "" where the service does not name its only port; EndpointSlices use the same name. */
  readonly name: string;
  readonly protocol: Protocol;
}

/** A service as routing sees it. */
export interface MeshService {
  readonly name: string;
  readonly namespace: string;
  readonly host: string;
  /** ClusterIPs; empty for headless services. */
  readonly addresses: readonly string[];
  readonly ports: readonly MeshPort[];
  /** Labels of its pods; empty where something else writes its endpoints. */
  readonly selector: readonly (readonly [key: string, value: string])[];
  /** The Kubernetes object that it was made of. */
  readonly object: Service;
}

const EXPORT_TO = "networking.istio.io/exportTo";

/**
 * Reads a Service. ExternalName services are `undefined`: they are DNS aliases without ports of their own, and a
 * call of their name passes through. So are services without TCP ports.
 */
export function meshService(object: Service): MeshService | undefined {
  const { name, namespace = "default" } = object.metadata;
  const ports = (object.spec.ports ?? [])
    .map((port) => ({ number: port.port, name: port.name ?? "", protocol: protocolOf(port) }))
    .filter(({ protocol }) => protocol !== "udp");
  if (object.spec.type === "ExternalName" || ports.length === 0) return undefined;
  const { clusterIP, clusterIPs } = object.spec;
  const addresses = (clusterIPs ?? (clusterIP === undefined ? [] : [clusterIP])).filter(isAddress);
  const selector = Object.entries(object.spec.selector ?? {});
  return { name, namespace, host: serviceHost(name, namespace), addresses, ports, selector, object };
}

function isAddress(text: string): boolean {
  return text !== "" && text !== "None";
}

/** Says whether callers of `namespace` may see the service. */
export function isServiceVisible({ object, namespace: own }: MeshService, namespace: string): boolean {
  const annotation = object.metadata.annotations?.[EXPORT_TO];
  return isExported(
    annotation?.split(",").map((part) => part.trim()),
    own,
    namespace,
  );
}

/** Says whether what lies in `own` and is exported to `exportTo` reaches `namespace`; absent or empty: everybody. */
export function isExported(exportTo: readonly string[] | undefined, own: string, namespace: string): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true;
  return exportTo.some(
    (target) => target === "*" || target === namespace || (target === "." && own === namespace),
  );
}
