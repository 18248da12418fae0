import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import type { ProxyView } from "./proxy-view.ts";

/** What of the mesh says which services and ports are a proxy's own. */
export type ProxySurroundings = Pick<MeshIndex, "servicesByNamespace" | "podByIp">;

/** The services that a proxy's pod is behind, the oldest first. */
export function servicesOf(
  { servicesByNamespace }: Pick<ProxySurroundings, "servicesByNamespace">,
  view: ProxyView,
): readonly MeshService[] {
  return (servicesByNamespace.get(view.namespace) ?? []).filter(selectsProxy(view));
}

function selectsProxy({ labels }: ProxyView): (service: MeshService) => boolean {
  return ({ selector }) => selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
}

/** A port that is named is looked up among the containers of the proxy's pod. */
export function targetPort(
  target: number | string,
  { podByIp }: Pick<ProxySurroundings, "podByIp">,
  { podIp }: ProxyView,
): number | undefined {
  if (typeof target === "number") return target;
  const { containers = [], initContainers = [] } = podByIp.get(podIp)?.spec ?? {};
  return [...containers, ...initContainers]
    .flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name === target)?.containerPort;
}
