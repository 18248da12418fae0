import { RESOURCES } from "@bookmesh/kube-api";
import type { VirtualService } from "@bookmesh/mesh-api";
import { resolveHost } from "@bookmesh/translate";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import { destinationsOf } from "./destinations.ts";

/** Finds subsets of VirtualServices that no DestinationRule has. */
export const destinationSubsets = analyzerOf<VirtualService>([RESOURCES.virtualServices], {
  name: "virtualservice.DestinationRuleAnalyzer",
  description: "Checks that the subsets which a VirtualService names are in a DestinationRule.",
  codes: ["IST0101"],
  examine: (rule, { index }) =>
    destinationsOf(rule).flatMap(({ destination, path }): readonly Finding[] => {
      const host = resolveHost(destination.host, namespaceOf(rule));
      const service = index.serviceByHost.get(host);
      if (service === undefined || destination.subset === undefined) return [];
      const { subsets } = index.policies.policyFor(service, namespaceOf(rule));
      if (subsets.some(({ name }) => name === destination.subset)) return [];
      const problem = `"${destination.subset}" is in no DestinationRule of ${host}: calls get 503`;
      return [{ code: "IST0101", path: `${path}.subset`, problem }];
    }),
});
