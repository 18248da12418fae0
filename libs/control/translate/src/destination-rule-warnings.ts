import type { ConfigIssue } from "@bookmesh/kernel";
import type { DestinationRule } from "@bookmesh/mesh-api";
import { isServiceHost, resolveHost } from "./host-name.ts";
import type { MeshIndex } from "./mesh-index.ts";
import type { MeshService } from "./mesh-service.ts";
import { hasLabels } from "./service-endpoints.ts";

/** What a DestinationRule names that is not there. */
export function destinationRuleWarnings(
  { spec, metadata }: DestinationRule,
  index: MeshIndex,
): readonly ConfigIssue[] {
  const host = resolveHost(spec.host, metadata.namespace ?? "default");
  const service = index.serviceByHost.get(host);
  if (service === undefined) {
    const problem = `names ${host}, which is no service of the mesh`;
    return isServiceHost(host) ? [{ path: "spec.host", problem }] : [];
  }
  const endpoints = endpointsOf(service, index);
  return (spec.subsets ?? []).flatMap(({ name, labels = {} }, at) =>
    endpoints.some(hasLabels(labels))
      ? []
      : [
          {
            path: `spec.subsets[${at}].labels`,
            problem: `select no endpoint of ${host}: calls of subset "${name}" get 503`,
          },
        ],
  );
}

function endpointsOf(
  service: MeshService,
  { endpoints }: MeshIndex,
): ReturnType<MeshIndex["endpoints"]["endpointsOf"]> {
  return service.ports.flatMap((port) => endpoints.endpointsOf(service, port));
}
