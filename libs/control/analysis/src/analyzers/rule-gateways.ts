import { RESOURCES } from "@bookmesh/kube-api";
import type { VirtualService } from "@bookmesh/mesh-api";
import { resolveGateway } from "@bookmesh/translate/parts";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { namespaceOf } from "../world/namespace-of.ts";

const MESH_GATEWAY = "mesh";

/** Finds Gateways that VirtualServices name and that are not there. */
export const ruleGateways = analyzerOf<VirtualService>([RESOURCES.virtualServices], {
  name: "virtualservice.GatewayAnalyzer",
  description: "Checks that the Gateways which a VirtualService names exist.",
  codes: ["IST0101"],
  examine: (rule, { snapshot }) => {
    const known = new Set(snapshot.gateways.map((each) => `${namespaceOf(each)}/${each.metadata.name}`));
    return (rule.spec.gateways ?? []).flatMap((name, at): readonly Finding[] => {
      const gateway = resolveGateway(name, namespaceOf(rule));
      if (gateway === MESH_GATEWAY || known.has(gateway)) return [];
      const problem = `names Gateway ${gateway}, which does not exist`;
      return [{ code: "IST0101", path: `spec.gateways[${at}]`, problem }];
    });
  },
});
