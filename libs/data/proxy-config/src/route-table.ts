import type { RouteTable, VirtualHost } from "@bookmesh/proxy-core";
import type { RouteConfigSpec, VirtualHostSpec } from "./route.ts";

type Suffixes = readonly (readonly [text: string, virtualHost: VirtualHost])[];

/**
 * Compiles the domains of a route configuration: exact ones into a map, the wildcards into lists with the longest
 * first. `link` turns an accepted virtual host into a running one.
 */
export function compileRouteTable(
  config: RouteConfigSpec,
  link: (virtualHost: VirtualHostSpec) => VirtualHost,
): RouteTable {
  const exact = new Map<string, VirtualHost>();
  const suffixes: [string, VirtualHost][] = [];
  const prefixes: [string, VirtualHost][] = [];
  let fallback: VirtualHost | undefined;
  for (const spec of config.virtualHosts) {
    const virtualHost = link(spec);
    for (const domain of spec.domains) {
      if (domain === "*") fallback = virtualHost;
      else if (domain.startsWith("*")) suffixes.push([domain.slice(1), virtualHost]);
      else if (domain.endsWith("*")) prefixes.push([domain.slice(0, -1), virtualHost]);
      else exact.set(domain, virtualHost);
    }
  }
  const bySuffix = longestFirst(suffixes);
  const byPrefix = longestFirst(prefixes);
  const find = (authority: string): VirtualHost | undefined =>
    exact.get(authority) ??
    bySuffix.find(([text]) => isWithin(authority, text) && authority.endsWith(text))?.[1] ??
    byPrefix.find(([text]) => isWithin(authority, text) && authority.startsWith(text))?.[1] ??
    fallback;
  return { findVirtualHost: config.ignoresPort ? (authority) => find(withoutPort(authority)) : find };
}

function longestFirst(entries: [string, VirtualHost][]): Suffixes {
  return entries.sort(([one], [other]) => other.length - one.length);
}

/** The asterisk stands for at least one character. */
function isWithin(authority: string, text: string): boolean {
  return authority.length > text.length;
}

function withoutPort(authority: string): string {
  return authority.replace(/:\d+$/, "");
}
