import { ClusterSchema, ListenerSchema } from "@bookmesh/xds-api";
import { translateInboundCluster } from "./cluster.ts";
import { encodeResource, type EncodedResource } from "./encoded-resource.ts";
import type { InputsCache } from "./inputs-cache.ts";
import { translateHttpProxyListener, translateInboundListener } from "./listener.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { protocolOf, type Protocol } from "./protocol.ts";
import type { ProxyView } from "./proxy-view.ts";

/** The part of a proxy's configuration that is its own. */
export interface OwnResources {
  readonly listeners: readonly EncodedResource[];
  readonly clusters: readonly EncodedResource[];
}

/** Translates a proxy's listeners, and the clusters of its application. */
export function translateOwn(index: MeshIndex, view: ProxyView, cache: InputsCache): OwnResources {
  const { accessLogFile } = index.snapshot.meshConfig;
  const { podIp, applicationAddress } = view;
  const ports = applicationPorts(index, view);
  return {
    listeners: [
      cache.remember("http_proxy", { address: applicationAddress, accessLogFile }, (inputs) =>
        encodeListener(translateHttpProxyListener(inputs)),
      ),
      ...[...ports].map(([port, protocol]) =>
        cache.remember("inbound", { podIp, port, protocol, accessLogFile }, (inputs) =>
          encodeListener(translateInboundListener(inputs)),
        ),
      ),
    ],
    clusters: [...ports.keys()].map((port) =>
      cache.remember("application", { address: applicationAddress, port }, (inputs) => {
        const message = translateInboundCluster(inputs);
        return encodeResource(message.name, ClusterSchema, message);
      }),
    ),
  };
}

function encodeListener(message: ReturnType<typeof translateInboundListener>): EncodedResource {
  return encodeResource(message.name, ListenerSchema, message);
}

/** The application's ports that some service names, with their protocols; the oldest service decides. */
function applicationPorts(index: MeshIndex, view: ProxyView): ReadonlyMap<number, Protocol> {
  const found = new Map<number, Protocol>();
  const services = index.servicesByNamespace.get(view.namespace) ?? [];
  for (const service of services.filter(selectsProxy(view))) {
    for (const port of service.object.spec.ports ?? []) {
      const protocol = protocolOf(port);
      const target = targetPort(port.targetPort ?? port.port, index, view);
      if (protocol !== "udp" && target !== undefined && !found.has(target)) found.set(target, protocol);
    }
  }
  return found;
}

function selectsProxy({ labels }: ProxyView): (service: MeshService) => boolean {
  return ({ selector }) => selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
}

/** A port that is named is looked up among the containers of the proxy's pod. */
function targetPort(
  target: number | string,
  { podByIp }: MeshIndex,
  { podIp }: ProxyView,
): number | undefined {
  if (typeof target === "number") return target;
  const { containers = [], initContainers = [] } = podByIp.get(podIp)?.spec ?? {};
  return [...containers, ...initContainers]
    .flatMap(({ ports = [] }) => ports)
    .find(({ name }) => name === target)?.containerPort;
}
