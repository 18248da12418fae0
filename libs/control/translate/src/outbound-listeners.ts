import { steadyList } from "@bookmesh/kernel";
import type { EncodedResource } from "./encoded-resource.ts";
import type { Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshPort, MeshService } from "./mesh-service.ts";
import { allowsUnknownHosts } from "./mesh-snapshot.ts";
import { outboundCluster, PASSTHROUGH_CLUSTER } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import type { RedirectedServiceInputs } from "./redirected-listener.ts";
import type { ServiceEndpoints } from "./service-endpoints.ts";
import type { CalledPort } from "./virtual-hosts.ts";

/**
 * The listeners of redirected calls: one for each HTTP port, which all services share, and one for each address and
 * port of a service whose calls may be something else.
 */
export function redirectedListeners(
  { wildcards }: OutboundView,
  encode: Encoders,
): (
  index: MeshIndex,
  visible: readonly MeshService[],
  /** Those of the route configurations. */
  ports: readonly CalledPort[],
) => readonly EncodedResource[] {
  const keep = steadyList<EncodedResource>();
  return (index, visible, ports) => {
    const { accessLogFile } = index.snapshot.meshConfig;
    const base = { wildcards, allowsUnknownHosts: allowsUnknownHosts(index.snapshot) };
    const numbers = ports.filter((port) => port !== "any");
    const http = numbers.map((port) => encode.redirectedHttpListener.of({ ...base, port, accessLogFile }));
    const services = serviceListeners(index, visible, numbers).map((inputs) =>
      encode.redirectedServiceListener.of(inputs),
    );
    return keep([encode.virtualOutboundListener.of(base), ...http, ...services]);
  };
}

/** Where two services claim one address and port the oldest keeps it: Envoy takes an address once. */
function serviceListeners(
  { endpoints, snapshot }: MeshIndex,
  visible: readonly MeshService[],
  routedPorts: readonly number[],
): readonly RedirectedServiceInputs[] {
  const { accessLogFile } = snapshot.meshConfig;
  const all = visible.flatMap((service) =>
    service.ports
      .filter(({ protocol }) => protocol !== "http")
      .flatMap((port) => {
        const mayBeHttp = port.protocol === "auto" && routedPorts.includes(port.number);
        const routes = mayBeHttp ? { routes: `${port.number}` } : {};
        return targetsOf(service, port, endpoints).map((target) => ({ ...target, ...routes, accessLogFile }));
      }),
  );
  const oldestLast = all.toReversed().map((inputs) => [`${inputs.address} ${inputs.port}`, inputs] as const);
  return [...new Map(oldestLast).values()].toReversed();
}

type CallTarget = Pick<RedirectedServiceInputs, "address" | "port" | "cluster">;

/** Who calls a headless service has chosen a pod: the call goes there, and to no other. */
function targetsOf(
  service: MeshService,
  meshPort: MeshPort,
  endpoints: ServiceEndpoints,
): readonly CallTarget[] {
  const { host, addresses } = service;
  const port = meshPort.number;
  return addresses.length > 0
    ? addresses.map((address) => ({ address, port, cluster: outboundCluster({ host, port }) }))
    : endpoints
        .endpointsOf(service, meshPort)
        .map((pod) => ({ address: pod.address, port: pod.port, cluster: PASSTHROUGH_CLUSTER }));
}
