import { RESOURCES, type Service } from "@bookmesh/kube-api";
import { protocolOf } from "@bookmesh/translate";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { isSystemNamespace } from "../world/injected-namespaces.ts";
import { namespaceOf } from "../world/namespace-of.ts";

/** Finds ports of services that do not say what they speak. */
export const portNames = analyzerOf<Service>([RESOURCES.services], {
  name: "service.PortNameAnalyzer",
  description: "Checks that the ports of services say their protocol.",
  codes: ["IST0118"],
  examine: (service, world) => {
    const { type, ports = [] } = service.spec;
    if (type === "ExternalName" || isSystemNamespace(namespaceOf(service), world)) return [];
    return ports.flatMap((port, index): readonly Finding[] => {
      if (protocolOf(port) !== "auto") return [];
      const name = port.name === undefined ? "has no name" : `is named "${port.name}"`;
      const problem =
        `${name}, which says no protocol: sidecars find out from the first bytes whether port ${port.port} speaks HTTP; ` +
        `name it "http" or "tcp", or begin the name so`;
      return [{ code: "IST0118", path: `spec.ports[${index}]`, problem }];
    });
  },
});
