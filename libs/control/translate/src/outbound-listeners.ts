import type { EncodedResource } from "./encoded-resource.ts";
import type { Encoders } from "./encoders.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { allowsUnknownHosts } from "./mesh-snapshot.ts";
import { outboundCluster } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import type { RedirectedServiceInputs } from "./redirected-listener.ts";
import { calledPorts } from "./virtual-hosts.ts";

/**
 * The listeners of redirected calls: one for each HTTP port, which all services share, and one for each ClusterIP and
 * port of a service whose calls may be something else. Connections to the pods of a headless service pass through to
 * where they were going.
 */
export function redirectedListeners(
  index: MeshIndex,
  view: OutboundView,
  { visible, encode }: { readonly visible: readonly MeshService[]; readonly encode: Encoders },
): readonly EncodedResource[] {
  const { accessLogFile } = index.snapshot.meshConfig;
  const base = { wildcards: view.wildcards, allowsUnknownHosts: allowsUnknownHosts(index.snapshot) };
  const http = calledPorts(index, view, visible).map((port) =>
    encode.redirectedHttpListener.of({ ...base, port, accessLogFile }),
  );
  const services = serviceListeners(visible, accessLogFile).map((inputs) =>
    encode.redirectedServiceListener.of(inputs),
  );
  return [encode.virtualOutboundListener.of(base), ...http, ...services];
}

function serviceListeners(
  visible: readonly MeshService[],
  accessLogFile: string,
): readonly RedirectedServiceInputs[] {
  return visible.flatMap(({ host, addresses, ports }) =>
    ports
      .filter(({ protocol }) => protocol !== "http")
      .flatMap(({ number: port, protocol }) =>
        addresses.map((address) => ({
          address,
          port,
          cluster: outboundCluster({ host, port }),
          accessLogFile,
          ...(protocol === "auto" && { routes: `${port}` }),
        })),
      ),
  );
}
