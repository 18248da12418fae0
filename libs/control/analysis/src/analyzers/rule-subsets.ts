import { RESOURCES } from "@bookmesh/kube-api";
import type { DestinationRule } from "@bookmesh/mesh-api";
import { coversHost, resolveHost, type MeshService } from "@bookmesh/translate";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import type { Surroundings } from "../world/surroundings.ts";

/** Finds DestinationRules without a service, and subsets without pods. */
export const ruleSubsets = analyzerOf<DestinationRule>([RESOURCES.destinationRules], {
  name: "destinationrule.SubsetSelectPodAnalyzer",
  description: "Checks that a DestinationRule is about a service, and that its subsets select pods.",
  codes: ["IST0173", "IST0174"],
  examine: (rule, world) => {
    const host = resolveHost(rule.spec.host, namespaceOf(rule));
    const services = servicesOf(host, world);
    if (services.length > 0) return emptySubsets(rule, host, { services, world });
    const problem = `names ${host}, which is no service of the mesh`;
    return [{ code: "IST0174", path: "spec.host", problem }];
  },
});

function servicesOf(host: string, { index }: Surroundings): readonly MeshService[] {
  if (host.startsWith("*")) return index.services.filter((service) => coversHost(host, service.host));
  const service = index.serviceByHost.get(host);
  return service === undefined ? [] : [service];
}

function emptySubsets(
  { spec }: DestinationRule,
  host: string,
  { services, world }: { readonly services: readonly MeshService[]; readonly world: Surroundings },
): readonly Finding[] {
  return (spec.subsets ?? []).flatMap(({ name, labels = {} }, at): readonly Finding[] => {
    const wanted = Object.entries(labels);
    const hasPods = services.some((service) =>
      world.labelsBehind(service).some((own) => wanted.every(([key, value]) => own[key] === value)),
    );
    if (hasPods) return [];
    const problem = `select no pod of ${host}: calls of subset "${name}" get 503`;
    return [{ code: "IST0173", path: `spec.subsets[${at}].labels`, problem }];
  });
}
