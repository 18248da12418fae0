import type { VirtualService } from "@bookmesh/mesh-api";
import { compareSpecificity, coversHost, resolveHost } from "./host-name.ts";
import { isExported } from "./mesh-service.ts";
import { MESH_GATEWAY } from "./names.ts";

/** The VirtualServices that callers of one namespace obey. */
export interface VirtualServices {
  /** The rule of a host: an exact host before a wildcard, then the oldest. `undefined` where there is none. */
  ruleFor(host: string): VirtualService | undefined;
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
  const exact = new Map<string, VirtualService>();
  const wildcards: IndexedHost[] = [];
  for (const rule of rules) {
    if (!holdsFor(rule, clientNamespace)) continue;
    for (const host of rule.spec.hosts ?? []) {
      const pattern = resolveHost(host, namespaceOf(rule));
      if (pattern.startsWith("*")) wildcards.push({ pattern, rule });
      else if (!exact.has(pattern)) exact.set(pattern, rule);
    }
  }
  wildcards.sort((one, other) => compareSpecificity(one.pattern, other.pattern));
  return {
    ruleFor: (host) => exact.get(host) ?? wildcards.find(({ pattern }) => coversHost(pattern, host))?.rule,
    hosts: [...new Set([...exact.keys(), ...wildcards.map(({ pattern }) => pattern)])],
  };
}

function holdsFor({ spec, metadata }: VirtualService, clientNamespace: string): boolean {
  const { gateways = [], exportTo } = spec;
  const holdsInSidecars = gateways.length === 0 || gateways.includes(MESH_GATEWAY);
  return holdsInSidecars && isExported(exportTo, metadata.namespace ?? "default", clientNamespace);
}

/** The namespace of a rule. */
export function namespaceOf({ metadata }: VirtualService): string {
  return metadata.namespace ?? "default";
}
