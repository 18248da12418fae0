import { RESOURCES, selects, type Deployment, type Service, type ServicePort } from "@bookmesh/kube-api";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { isInjected } from "../world/injected-namespaces.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import { podTemplateOf } from "../world/pod-template.ts";
import type { Surroundings } from "../world/surroundings.ts";

/** Finds Deployments whose pods several services reach in ways that contradict each other. */
export const sharedPorts = analyzerOf<Deployment>([RESOURCES.deployments], {
  name: "deployment.MultiServiceAnalyzer",
  description: "Checks that the services of a Deployment agree on its ports.",
  codes: ["IST0116", "IST0137"],
  examine: (deployment, world) => {
    if (isInjected(namespaceOf(deployment), world) === false) return [];
    const ports = servicesOf(deployment, world).flatMap((service) =>
      (service.spec.ports ?? []).map((port) => ({
        service: `${namespaceOf(service)}/${service.metadata.name}`,
        port,
      })),
    );
    return [...protocolIssues(ports), ...targetIssues(ports)];
  },
});

interface ServedPort {
  readonly service: string;
  readonly port: ServicePort;
}

function servicesOf(deployment: Deployment, { servicesByNamespace }: Surroundings): readonly Service[] {
  const labels = podTemplateOf(deployment)?.template.metadata?.labels;
  const services = servicesByNamespace.get(namespaceOf(deployment)) ?? [];
  return services.filter(
    (service) =>
      Object.keys(service.spec.selector ?? {}).length > 0 &&
      selects({ matchLabels: service.spec.selector ?? {} }, labels),
  );
}

function protocolIssues(ports: readonly ServedPort[]): readonly Finding[] {
  const byNumber = Map.groupBy(ports, ({ port }) => port.port);
  return [...byNumber].flatMap(([number, group]): readonly Finding[] => {
    const protocols = new Set(group.map(({ port }) => port.protocol ?? "TCP"));
    if (protocols.size < 2) return [];
    const problem = `has port ${number} as ${[...protocols].join(" and ")}, by ${namesOf(group)}`;
    return [{ code: "IST0116", path: "metadata.name", problem }];
  });
}

function targetIssues(ports: readonly ServedPort[]): readonly Finding[] {
  const byTarget = Map.groupBy(ports, ({ port }) => String(port.targetPort ?? port.port));
  return [...byTarget].flatMap(([target, group]): readonly Finding[] => {
    const numbers = new Set(group.map(({ port }) => port.port));
    if (numbers.size < 2) return [];
    const problem = `has its port ${target} as ${[...numbers].join(" and ")}, by ${namesOf(group)}`;
    return [{ code: "IST0137", path: "metadata.name", problem }];
  });
}

function namesOf(ports: readonly ServedPort[]): string {
  return [...new Set(ports.map(({ service }) => service))].join(" and ");
}
