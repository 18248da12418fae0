import type { Gateway } from "@bookmesh/mesh-api";
import type { ProxyView } from "@bookmesh/translate";
import { compareAge, servicesOf, targetPort, type MeshIndex } from "@bookmesh/translate/parts";
import { mergeGateways, type MergedGateway } from "./merged-gateway.ts";

/** All Gateways that select a proxy, put together for the ports on which it listens. */
export function servedGateways(index: MeshIndex, view: ProxyView): MergedGateway {
  const selecting = index.snapshot.gateways.filter((gateway) => selectsLabels(gateway, view.labels));
  return mergeGateways([...selecting].sort(compareAge), (port) => listenPort(port, index, view));
}

/** Says whether a Gateway is for the proxies with these labels; one without selector is for all. */
export function selectsLabels({ spec }: Gateway, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(spec.selector ?? {}).every(([key, value]) => labels[key] === value);
}

/** Clients ask a gateway's Service for the server's port; the proxy listens where that Service sends them. */
function listenPort(number: number, index: MeshIndex, view: ProxyView): number {
  const port = servicesOf(index, view)
    .flatMap(({ object }) => object.spec.ports ?? [])
    .find((candidate) => candidate.port === number);
  return (port && targetPort(port.targetPort ?? port.port, index, view)) ?? number;
}
