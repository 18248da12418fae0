import type { AddressFamily, Interception, Range } from "@bookmesh/interception-api";

/** Connections of the mesh's own tunnel; it needs no second redirection. */
const TUNNEL_PORT = 15_008;
/** What is special about each family: the mesh's own source address, and localhost. */
const ADDRESSES = {
  4: { passthrough: "127.0.0.6/32", localhost: "127.0.0.1/32" },
  6: { passthrough: "::6/128", localhost: "::1/128" },
} as const satisfies Record<AddressFamily, object>;

/** Our chains, with what jumps to them from the kernel's own. Source: Istio's, which people know to read. */
const CHAINS = ["ISTIO_INBOUND", "ISTIO_IN_REDIRECT", "ISTIO_OUTPUT", "ISTIO_REDIRECT"] as const;
const JUMPS = ["PREROUTING -p tcp -j ISTIO_INBOUND", "OUTPUT -p tcp -j ISTIO_OUTPUT"] as const;

/**
 * The text for `iptables-restore --noflush` that redirects a pod's connections to its sidecar, all at once.
 *
 * `saved` is what `iptables-save -t nat` says before: our chains are written anew, jumps that stand already stay.
 */
export function redirectionRules(interception: Interception, family: AddressFamily, saved: string): string {
  return restoreText([
    ...CHAINS.map((chain) => `:${chain} - [0:0]`),
    ...JUMPS.filter((jump) => countOf(jump, saved) === 0).map((jump) => `-A ${jump}`),
    ...inboundRules(interception),
    ...outboundRules(interception, family),
    `-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports ${interception.inboundPort}`,
    `-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports ${interception.outboundPort}`,
  ]);
}

/** The text for `iptables-restore --noflush` that takes away what `saved` has of ours; `undefined`: it has nothing. */
export function removalRules(saved: string): string | undefined {
  const chains = CHAINS.filter((chain) => saved.includes(`\n:${chain} `));
  if (chains.length === 0) return undefined;
  return restoreText([
    ...JUMPS.flatMap((jump) => Array<string>(countOf(jump, saved)).fill(`-D ${jump}`)),
    ...chains.map((chain) => `-F ${chain}`),
    ...chains.map((chain) => `-X ${chain}`),
  ]);
}

function restoreText(lines: readonly string[]): string {
  return `${["*nat", ...lines, "COMMIT"].join("\n")}\n`;
}

function countOf(jump: string, saved: string): number {
  return saved.split("\n").filter((line) => line === `-A ${jump}`).length;
}

function inboundRules(interception: Interception): readonly string[] {
  const { includeInboundPorts, excludeInboundPorts, excludeInterfaces } = interception;
  const chain = "-A ISTIO_INBOUND";
  const toPort = (port: number, target: string) => `${chain} -p tcp --dport ${port} -j ${target}`;
  return [
    ...excludeInterfaces.map((name) => `${chain} -i ${name} -j RETURN`),
    toPort(TUNNEL_PORT, "RETURN"),
    ...(includeInboundPorts === "*"
      ? [...excludeInboundPorts.map((port) => toPort(port, "RETURN")), `${chain} -p tcp -j ISTIO_IN_REDIRECT`]
      : includeInboundPorts.map((port) => toPort(port, "ISTIO_IN_REDIRECT"))),
  ];
}

/** The order matters: the sidecar's own connections leave the chain before any of them could come back to it. */
function outboundRules(interception: Interception, family: AddressFamily): readonly string[] {
  const { includeOutboundRanges, excludeOutboundRanges, includeOutboundPorts, excludeOutboundPorts } =
    interception;
  const { passthrough, localhost } = ADDRESSES[family];
  const chain = "-A ISTIO_OUTPUT";
  const toPort = (port: number, target: string) => `${chain} -p tcp --dport ${port} -j ${target}`;
  const toRange = (ranges: readonly Range[], target: string) =>
    ranges.filter((range) => range.family === family).map(({ cidr }) => `${chain} -d ${cidr} -j ${target}`);
  return [
    ...interception.excludeInterfaces.map((name) => `${chain} -o ${name} -j RETURN`),
    ...excludeOutboundPorts.map((port) => toPort(port, "RETURN")),
    `${chain} -s ${passthrough} -o lo -j RETURN`,
    ...proxyRules(interception, family),
    `${chain} -d ${localhost} -j RETURN`,
    ...toRange(excludeOutboundRanges, "RETURN"),
    ...(includeOutboundPorts === "*"
      ? [`${chain} -j ISTIO_REDIRECT`]
      : includeOutboundPorts.map((port) => toPort(port, "ISTIO_REDIRECT"))),
    ...(includeOutboundRanges === "*"
      ? [`${chain} -j ISTIO_REDIRECT`]
      : toRange(includeOutboundRanges, "ISTIO_REDIRECT")),
  ];
}

/**
 * What the sidecar sends to its own pod comes in by the inbound port, what anybody else sends to the own pod goes
 * straight, and what the sidecar sends elsewhere goes out.
 */
function proxyRules({ proxy }: Interception, family: AddressFamily): readonly string[] {
  const matches =
    "sources" in proxy
      ? proxy.sources.filter((source) => source.family === family).map(({ cidr }) => `-s ${cidr}`)
      : [
          ...proxy.uids.map((uid) => `-m owner --uid-owner ${uid}`),
          ...proxy.gids.map((gid) => `-m owner --gid-owner ${gid}`),
        ];
  const { localhost } = ADDRESSES[family];
  return [
    ...matches.map((match) => `-A ISTIO_OUTPUT ! -d ${localhost} -o lo -p tcp ${match} -j ISTIO_IN_REDIRECT`),
    "-A ISTIO_OUTPUT -o lo -j RETURN",
    ...matches.map((match) => `-A ISTIO_OUTPUT ${match} -j RETURN`),
  ];
}
