import type { SecureChain, ServerNames } from "../proxy-snapshot.ts";

/** Indexes chains by their names; a chain without names is for all. */
export function indexServerNames(
  chains: readonly { readonly serverNames: readonly string[]; readonly chain: SecureChain }[],
): ServerNames {
  const exact = new Map<string, SecureChain>();
  const suffixes = new Map<string, SecureChain>();
  let fallback: SecureChain | undefined;
  for (const { serverNames, chain } of chains) {
    if (serverNames.length === 0) fallback ??= chain;
    for (const name of serverNames) {
      if (name.startsWith("*.")) suffixes.set(name.slice(1), chain);
      else exact.set(name, chain);
    }
  }
  return {
    writesAccessLog: chains.some(({ chain }) => chain.http?.writesAccessLog),
    find: (serverName) => exact.get(serverName) ?? longestSuffix(suffixes, serverName) ?? fallback,
  };
}

/** Each suffix begins with a dot; the asterisk stands for one label or more. */
function longestSuffix(suffixes: ReadonlyMap<string, SecureChain>, name: string): SecureChain | undefined {
  for (let dot = name.indexOf(".", 1); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const chain = suffixes.get(name.slice(dot));
    if (chain) return chain;
  }
  return undefined;
}
