import { lastCall } from "@bookmesh/kernel";
import type { EncodedResource } from "./encoded-resource.ts";
import type { Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import { INBOUND_PASSTHROUGH_CLUSTER, inboundCluster } from "./names.ts";
import { protocolOf, type Protocol } from "./protocol.ts";
import { servicesOf, targetPort, type ProxySurroundings } from "./proxy-services.ts";
import type { ProxyView } from "./proxy-view.ts";
import { isReservedPort } from "./reserved-ports.ts";
import type { VirtualInboundInputs } from "./redirected-listener.ts";

/** The part of a proxy's configuration that is its own. */
export interface OwnResources {
  readonly listeners: readonly EncodedResource[];
  readonly clusters: readonly EncodedResource[];
}

/** Translates a proxy's listeners, and the clusters of its application, in one snapshot after the other. */
export function ownTranslator(view: ProxyView, encode: Encoders): (index: MeshIndex) => OwnResources {
  const { wildcards = [] } = view;
  const translate = lastCall(
    (
      servicesByNamespace: MeshIndex["servicesByNamespace"],
      podByIp: MeshIndex["podByIp"],
      accessLogFile: string,
    ): OwnResources => {
      const ports = [...applicationPorts({ servicesByNamespace, podByIp }, view)];
      return wildcards.length > 0
        ? redirected({ wildcards, ports, accessLogFile }, encode)
        : onPodAddress(view, { ports, accessLogFile }, encode);
    },
  );
  return ({ servicesByNamespace, podByIp, snapshot }) =>
    translate(servicesByNamespace, podByIp, snapshot.meshConfig.accessLogFile);
}

/** Interception mode REDIRECT: one listener for all ports, and the application where the connection was going. */
function redirected(inputs: VirtualInboundInputs, encode: Encoders): OwnResources {
  const { wildcards } = inputs;
  const ports = inputs.ports.filter(([port]) => !isReservedPort(port));
  const names = [...ports.map(([port]) => inboundCluster(port)), INBOUND_PASSTHROUGH_CLUSTER];
  return {
    listeners: [encode.virtualInboundListener.of({ ...inputs, ports })],
    clusters: names.map((name) => encode.redirectedCluster.of({ name, wildcards })),
  };
}

/** Interception mode NONE: a listener on the pod's IP for each port, and the application at an address of its own. */
function onPodAddress(
  { podIp, applicationAddress: address }: ProxyView,
  { ports, accessLogFile }: Omit<VirtualInboundInputs, "wildcards">,
  encode: Encoders,
): OwnResources {
  const inbound = ports.map(([port, protocol]) =>
    encode.inboundListener.of({ podIp, port, protocol, accessLogFile }),
  );
  return {
    listeners: [encode.httpProxyListener.of({ address, accessLogFile }), ...inbound],
    clusters: ports.map(([port]) => encode.inboundCluster.of({ address, port })),
  };
}

/** The application's ports that some service names, with their protocols; the oldest service decides. */
function applicationPorts(index: ProxySurroundings, view: ProxyView): ReadonlyMap<number, Protocol> {
  const found = new Map<number, Protocol>();
  for (const service of servicesOf(index, view)) {
    for (const port of service.object.spec.ports ?? []) {
      const protocol = protocolOf(port);
      const target = targetPort(port.targetPort ?? port.port, index, view);
      if (protocol !== "udp" && target !== undefined && !found.has(target)) found.set(target, protocol);
    }
  }
  return found;
}
