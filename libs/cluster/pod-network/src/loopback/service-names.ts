/** What a host name means inside the cluster. */
export type HostMeaning =
  | {
      readonly kind: "service";
      readonly namespace: string;
      readonly name: string;
      /** The endpoint that is meant alone: `web-0` of `web-0.web.shop.svc`. */
      readonly hostname?: string;
    }
  | { readonly kind: "pod-localhost" }
  | { readonly kind: "address"; readonly ip: string }
  | { readonly kind: "outside"; readonly name: string };

/** What is needed to read a name: which Services and endpoints there are, and where the question comes from. */
export interface NameContext {
  /** The namespace of the pod that asks. */
  readonly namespace: string;
  readonly has: (namespace: string, name: string, hostname?: string) => boolean;
}

const CLUSTER_DOMAIN = ".svc.cluster.local";
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Reads `host` as a pod's resolver with Kubernetes' search domains would. */
export function readHostName(host: string, context: NameContext): HostMeaning {
  const name = host.toLowerCase().replace(/\.$/, "");
  if (name === "localhost" || name === "127.0.0.1" || name === "::1") return { kind: "pod-localhost" };
  if (IPV4.test(name)) return { kind: "address", ip: name };
  const full = name.endsWith(CLUSTER_DOMAIN) ? name.slice(0, -CLUSTER_DOMAIN.length) : undefined;
  const inService = full ?? (name.endsWith(".svc") ? name.slice(0, -".svc".length) : undefined);
  if (inService !== undefined) {
    const labels = inService.split(".");
    return placeOf(labels.length === 1 ? [...labels, context.namespace] : labels);
  }
  const labels = name.split(".");
  const searched = [[...labels, context.namespace], labels].map(placeOf);
  const found = searched.find((place) => context.has(place.namespace, place.name, place.hostname));
  return found ?? { kind: "outside", name };
}

/** `[hostname.]name.namespace`. */
function placeOf(labels: readonly string[]): Extract<HostMeaning, { kind: "service" }> {
  const [namespace = "", name = "", ...before] = labels.toReversed();
  const hostname = before.toReversed().join(".");
  return { kind: "service", namespace, name, ...(hostname !== "" && { hostname }) };
}
