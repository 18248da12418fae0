/** What a host name means inside the cluster. */
export type HostMeaning =
  | { readonly kind: "service"; readonly namespace: string; readonly name: string }
  | { readonly kind: "pod-localhost" }
  | { readonly kind: "address"; readonly ip: string }
  | { readonly kind: "outside"; readonly name: string };

/** What is needed to read a name: which Services there are, and where the question comes from. */
export interface NameContext {
  /** The namespace of the pod that asks. */
  readonly namespace: string;
  readonly hasService: (namespace: string, name: string) => boolean;
}

const CLUSTER_DOMAIN = ".svc.cluster.local";
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Reads `host` as a pod's resolver with Kubernetes' search domains would. */
export function readHostName(host: string, { namespace, hasService }: NameContext): HostMeaning {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name === "127.0.0.1" || name === "::1") return { kind: "pod-localhost" };
  if (IPV4.test(name)) return { kind: "address", ip: name };
  const full = name.endsWith(CLUSTER_DOMAIN) ? name.slice(0, -CLUSTER_DOMAIN.length) : undefined;
  const inService = full ?? (name.endsWith(".svc") ? name.slice(0, -".svc".length) : undefined);
  if (inService !== undefined) {
    const [service = "", serviceNamespace = namespace] = inService.split(".").slice(-2);
    return { kind: "service", namespace: serviceNamespace, name: service };
  }
  const [first = "", second, ...more] = name.split(".");
  if (second === undefined && hasService(namespace, first))
    return { kind: "service", namespace, name: first };
  if (second !== undefined && more.length === 0 && hasService(second, first))
    return { kind: "service", namespace: second, name: first };
  return { kind: "outside", name };
}
