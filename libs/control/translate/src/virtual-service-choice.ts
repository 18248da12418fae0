import type { VirtualService } from "@bookmesh/mesh-api";
import { compareSpecificity, coversHost, resolveHost } from "./host-name.ts";
import { isExported } from "./mesh-service.ts";
import { MESH_GATEWAY } from "./names.ts";

/** The VirtualServices that callers of one namespace obey. */
export interface VirtualServices {
  /**
   * The rules of a host: those that name it before those that cover it, then those that are exported to fewer
   * namespaces, then the oldest. One of them is obeyed: the first of which some route can hold.
   */
  rulesFor(host: string): readonly VirtualService[];
  /** The hosts that rules name: full names in the order of the rules' age, then wildcards, the longest first. */
  readonly hosts: readonly string[];
}

interface IndexedHost {
  readonly pattern: string;
  readonly rule: VirtualService;
}

/** Indexes the VirtualServices, the oldest first, that hold in the sidecars of `clientNamespace`. */
export function virtualServicesFor(
  rules: readonly VirtualService[],
  clientNamespace: string,
): VirtualServices {
  const exact = new Map<string, VirtualService[]>();
  const wildcards: IndexedHost[] = [];
  for (const rule of rules.filter((one) => holdsFor(one, clientNamespace)).sort(compareReach)) {
    for (const host of rule.spec.hosts ?? []) {
      const pattern = resolveHost(host, namespaceOf(rule));
      if (pattern.startsWith("*")) wildcards.push({ pattern, rule });
      else exact.set(pattern, [...(exact.get(pattern) ?? []), rule]);
    }
  }
  wildcards.sort((one, other) => compareSpecificity(one.pattern, other.pattern));
  return {
    rulesFor: (host) => [
      ...(exact.get(host) ?? []),
      ...wildcards.filter(({ pattern }) => coversHost(pattern, host)).map(({ rule }) => rule),
    ],
    hosts: [...new Set([...exact.keys(), ...wildcards.map(({ pattern }) => pattern)])],
  };
}

function holdsFor({ spec, metadata }: VirtualService, clientNamespace: string): boolean {
  const { gateways = [], exportTo } = spec;
  const holdsInSidecars = gateways.length === 0 || gateways.includes(MESH_GATEWAY);
  return holdsInSidecars && isExported(exportTo, metadata.namespace ?? "default", clientNamespace);
}

/** Source: istiod, `SelectVirtualServices`. */
function compareReach(one: VirtualService, other: VirtualService): number {
  return reachOf(one) - reachOf(other);
}

/** 0: its own namespace alone, 1: some namespaces, 2: all. */
function reachOf(rule: VirtualService): number {
  const { exportTo = [] } = rule.spec;
  if (exportTo.length === 0 || exportTo.includes("*")) return 2;
  return exportTo.every((namespace) => namespace === "." || namespace === namespaceOf(rule)) ? 0 : 1;
}

/** The namespace of a rule. */
export function namespaceOf({ metadata }: VirtualService): string {
  return metadata.namespace ?? "default";
}
