/** The cluster's DNS domain. */
const CLUSTER_DOMAIN = "cluster.local";

/** `rating.default.svc.cluster.local`. */
export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.svc.${CLUSTER_DOMAIN}`;
}

/** Says whether a full name is one that services of the cluster have. */
export function isServiceHost(host: string): boolean {
  return !host.startsWith("*") && host.endsWith(`.svc.${CLUSTER_DOMAIN}`);
}

/**
 * The full name that a rule of `namespace` means by `host`: names without a dot are services of that namespace,
 * all others are taken as they are.
 */
export function resolveHost(host: string, namespace: string): string {
  const lower = host.toLowerCase();
  return lower.includes(".") || lower === "*" ? lower : serviceHost(lower, namespace);
}

/** Says whether `pattern`, a full name or `*` or `*.suffix`, covers `host`. */
export function coversHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith("*")) return pattern === host;
  return host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
}

/** Orders patterns: a full name before every wildcard, a longer wildcard before a shorter one. */
export function compareSpecificity(one: string, other: string): number {
  const wildcards = Number(one.startsWith("*")) - Number(other.startsWith("*"));
  return wildcards !== 0 ? wildcards : other.length - one.length;
}

/**
 * The names by which callers of `clientNamespace` may call a service, from the longest to the shortest.
 * Source: istiod, `generateVirtualHostDomains`.
 */
export function callNames(
  { host, name, namespace }: { readonly host: string; readonly name: string; readonly namespace: string },
  clientNamespace: string,
): readonly string[] {
  const short = namespace === clientNamespace ? [name] : [];
  return [host, `${host}.`, ...short, `${name}.${namespace}.svc`, `${name}.${namespace}`];
}
