import { coversHost, resolveHost } from "@bookmesh/translate/parts";

/** A host of a Gateway's server, and whose VirtualServices may route its calls. */
export interface ServerHost {
  /** `*`: those of every namespace. */
  readonly namespace: string;
  /** A full name, `*.suffix` or `*`. */
  readonly host: string;
}

/** Reads `host`, `namespace/host` and `./host`, as a Gateway of `namespace` means them. */
export function readServerHost(text: string, namespace: string): ServerHost {
  const slash = text.indexOf("/");
  const host = text.slice(slash + 1).toLowerCase();
  if (slash < 0) return { namespace: "*", host };
  const said = text.slice(0, slash);
  return { namespace: said === "." ? namespace : said, host };
}

/** The hosts that a server and a VirtualService of `namespace` have in common: of two that overlap the narrower. */
export function sharedHosts(
  serverHosts: readonly ServerHost[],
  ruleHosts: readonly string[],
  namespace: string,
): readonly string[] {
  const open = serverHosts.filter((server) => server.namespace === "*" || server.namespace === namespace);
  const shared = ruleHosts.flatMap((text) => {
    const rule = resolveHost(text, namespace);
    return open.flatMap(({ host }) => {
      if (coversHost(host, rule)) return [rule];
      return coversHost(rule, host) ? [host] : [];
    });
  });
  return [...new Set(shared)];
}
