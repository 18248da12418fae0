import { RESOURCES } from "@bookmesh/kube-api";
import type { VirtualService } from "@bookmesh/mesh-api";
import { compareAge, resolveHost } from "@bookmesh/translate";
import { analyzerOf } from "../analyzer.ts";
import type { Finding } from "../finding.ts";
import { namespaceOf } from "../world/namespace-of.ts";
import type { Surroundings } from "../world/surroundings.ts";

const MESH_GATEWAY = "mesh";

/** Finds VirtualServices of one host: in sidecars only the oldest holds. */
export const conflictingHosts = analyzerOf<VirtualService>([RESOURCES.virtualServices], {
  name: "virtualservice.ConflictingMeshGatewayHostsAnalyzer",
  description: "Checks that no two VirtualServices which hold in sidecars have the same host.",
  codes: ["IST0109"],
  examine: (rule, world) =>
    (rule.spec.hosts ?? []).flatMap((host, at) => examineHost(host, at, { rule, world })),
});

function examineHost(
  name: string,
  at: number,
  { rule, world }: { readonly rule: VirtualService; readonly world: Surroundings },
): readonly Finding[] {
  const host = resolveHost(name, namespaceOf(rule));
  const others = (world.rulesByHost.get(host) ?? []).filter(
    (other) => !isSame(other, rule) && overlap(other, rule),
  );
  const older = others.find((other) => isOlder(other, rule));
  const path = `spec.hosts[${at}]`;
  if (older !== undefined) {
    const problem = `has no effect: the older VirtualService ${nameOf(older)} has the same host`;
    return [{ code: "IST0109", path, problem }];
  }
  const [rival] = others.filter((other) => ageOf(other) === undefined && ageOf(rule) === undefined);
  if (rival === undefined) return [];
  const problem = `is also a host of VirtualService ${nameOf(rival)}: only the one that is applied first has an effect`;
  return [{ code: "IST0109", path, problem }];
}

/** The oldest rule of a host wins. One that is not stored yet has no age: it will be the youngest. */
function isOlder(other: VirtualService, rule: VirtualService): boolean {
  if (ageOf(other) === undefined) return false;
  return ageOf(rule) === undefined || compareAge(other, rule) < 0;
}

function ageOf({ metadata }: VirtualService): string | undefined {
  return metadata.creationTimestamp;
}

/** Says whether there are sidecars where both would hold. */
function overlap(one: VirtualService, other: VirtualService): boolean {
  if (!holdsInSidecars(one) || !holdsInSidecars(other)) return false;
  const [some, others] = [readersOf(one), readersOf(other)];
  return some.has("*") || others.has("*") || [...some].some((namespace) => others.has(namespace));
}

function holdsInSidecars({ spec: { gateways = [] } }: VirtualService): boolean {
  return gateways.length === 0 || gateways.includes(MESH_GATEWAY);
}

/** The namespaces that a rule is exported to; `*` stands for all. */
function readersOf(rule: VirtualService): ReadonlySet<string> {
  const { exportTo = [] } = rule.spec;
  if (exportTo.length === 0) return new Set("*");
  return new Set(exportTo.map((target) => (target === "." ? namespaceOf(rule) : target)));
}

function isSame(one: VirtualService, other: VirtualService): boolean {
  return one.metadata.name === other.metadata.name && namespaceOf(one) === namespaceOf(other);
}

function nameOf(rule: VirtualService): string {
  return `${namespaceOf(rule)}/${rule.metadata.name}`;
}
