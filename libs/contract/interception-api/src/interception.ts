import { err, ok, type Result } from "@bookmesh/kernel";
import { addressFamily, readNames, readPorts, readRanges, type Range, type Selection } from "./selections.ts";

/** Which connections of a pod go through its sidecar. */
export interface Interception {
  readonly outboundPort: number;
  readonly inboundPort: number;
  /** Whose connections are the sidecar's own: these users' and groups', or those from these addresses (`/32`, `/128`). */
  readonly proxy:
    | { readonly uids: readonly number[]; readonly gids: readonly number[] }
    | { readonly sources: readonly Range[] };
  readonly includeOutboundRanges: Selection<Range>;
  readonly excludeOutboundRanges: readonly Range[];
  readonly includeInboundPorts: Selection<number>;
  /** Counts only where every inbound port is included. */
  readonly excludeInboundPorts: readonly number[];
  /** Redirected whatever the ranges say. */
  readonly includeOutboundPorts: Selection<number>;
  readonly excludeOutboundPorts: readonly number[];
  readonly excludeInterfaces: readonly string[];
}

/** Every setting as text, the way flags and annotations carry it. */
export interface InterceptionSettings {
  readonly outboundPort: string;
  readonly inboundPort: string;
  readonly proxyUid: string;
  readonly proxyGid: string;
  readonly mode: string;
  readonly includeOutboundRanges: string;
  readonly excludeOutboundRanges: string;
  readonly includeInboundPorts: string;
  readonly excludeInboundPorts: string;
  readonly includeOutboundPorts: string;
  readonly excludeOutboundPorts: string;
  readonly excludeInterfaces: string;
  readonly virtualInterfaces: string;
  readonly proxySourceAddress: string;
}

/** What holds where nobody says otherwise: everything but the sidecar's own ports is redirected. */
export const DEFAULT_INTERCEPTION: InterceptionSettings = {
  outboundPort: "15001",
  inboundPort: "15006",
  proxyUid: "1337",
  proxyGid: "1337",
  mode: "REDIRECT",
  includeOutboundRanges: "*",
  excludeOutboundRanges: "",
  includeInboundPorts: "*",
  excludeInboundPorts: "15090,15021,15020",
  includeOutboundPorts: "",
  excludeOutboundPorts: "",
  excludeInterfaces: "",
  virtualInterfaces: "",
  proxySourceAddress: "",
};

/** The names of a setting's flag: one letter, where it has one, and the long one. */
export interface InterceptionFlag {
  readonly short?: string;
  readonly long: string;
}

/** The flags of `istio-init`, by setting. Source: Istio, `istio-iptables`; the last one is ours. */
export const INTERCEPTION_FLAGS: Readonly<Record<keyof InterceptionSettings, InterceptionFlag>> = {
  outboundPort: { short: "p", long: "envoy-port" },
  inboundPort: { short: "z", long: "inbound-capture-port" },
  proxyUid: { short: "u", long: "proxy-uid" },
  proxyGid: { short: "g", long: "proxy-gid" },
  mode: { short: "m", long: "istio-inbound-interception-mode" },
  includeOutboundRanges: { short: "i", long: "istio-service-cidr" },
  excludeOutboundRanges: { short: "x", long: "istio-service-exclude-cidr" },
  includeInboundPorts: { short: "b", long: "istio-inbound-ports" },
  excludeInboundPorts: { short: "d", long: "istio-local-exclude-ports" },
  includeOutboundPorts: { short: "q", long: "istio-outbound-ports" },
  excludeOutboundPorts: { short: "o", long: "istio-local-outbound-ports-exclude" },
  excludeInterfaces: { short: "c", long: "istio-exclude-interfaces" },
  virtualInterfaces: { short: "k", long: "kube-virt-interfaces" },
  proxySourceAddress: { long: "proxy-source-address" },
};

/** Reads the settings; a failure says which flag cannot be used, and why, in a sentence. */
export function readInterception(settings: InterceptionSettings): Result<Interception, string> {
  const problems: string[] = [];
  const take = <Value>(key: keyof InterceptionSettings, read: Reader<Value>, otherwise: Value): Value => {
    const outcome = read(settings[key]);
    if (outcome.ok) return outcome.value;
    problems.push(`The value of --${INTERCEPTION_FLAGS[key].long} ${outcome.error}.`);
    return otherwise;
  };
  take("mode", readMode, undefined);
  take("virtualInterfaces", refuseVirtualInterfaces, undefined);
  const uids = take("proxyUid", readIds, []);
  const gids = take("proxyGid", readIds, []);
  const sources = take("proxySourceAddress", readAddresses, []);
  if (uids.length + gids.length + sources.length === 0)
    problems.push(
      "The sidecar's own connections must be known: give --proxy-uid, --proxy-gid or --proxy-source-address.",
    );
  const interception: Interception = {
    outboundPort: take("outboundPort", readPort, 0),
    inboundPort: take("inboundPort", readPort, 0),
    proxy: sources.length > 0 ? { sources } : { uids, gids },
    includeOutboundRanges: take("includeOutboundRanges", readRanges, []),
    excludeOutboundRanges: take("excludeOutboundRanges", listOnly(readRanges), []),
    includeInboundPorts: take("includeInboundPorts", readPorts, []),
    excludeInboundPorts: take("excludeInboundPorts", listOnly(readPorts), []),
    includeOutboundPorts: take("includeOutboundPorts", readPorts, []),
    excludeOutboundPorts: take("excludeOutboundPorts", listOnly(readPorts), []),
    excludeInterfaces: take("excludeInterfaces", readNames, []),
  };
  return problems.length === 0 ? ok(interception) : err(problems.join(" "));
}

type Reader<Value> = (text: string) => Result<Value, string>;

function readMode(text: string): Result<undefined, string> {
  if (text === "REDIRECT") return ok(undefined);
  return err(`is "${text}", but only REDIRECT is supported`);
}

function refuseVirtualInterfaces(text: string): Result<undefined, string> {
  return text === "" ? ok(undefined) : err("is set, but virtual machines' interfaces are not supported");
}

function readPort(text: string): Result<number, string> {
  const ports = readPorts(text);
  if (!ports.ok) return ports;
  const [port] = ports.value === "*" ? [] : ports.value;
  return port !== undefined && ports.value.length === 1
    ? ok(port)
    : err(`is "${text}", which is no single port`);
}

function readIds(text: string): Result<readonly number[], string> {
  const words = text.split(",").filter((word) => word !== "");
  const bad = words.find((word) => !/^\d{1,9}$/.test(word));
  return bad === undefined ? ok(words.map(Number)) : err(`has "${bad}", which is no numeric id`);
}

function readAddresses(text: string): Result<readonly Range[], string> {
  const sources: Range[] = [];
  for (const address of text.split(",").filter((word) => word !== "")) {
    const family = addressFamily(address);
    if (family === undefined) return err(`has "${address}", which is no address`);
    sources.push({ family, cidr: `${address}/${family === 4 ? 32 : 128}` });
  }
  return ok(sources);
}

/** For what excludes: to exclude everything, one includes nothing. */
function listOnly<Item>(read: Reader<Selection<Item>>): Reader<readonly Item[]> {
  return (text) => {
    const selection = read(text);
    if (!selection.ok) return selection;
    return selection.value === "*"
      ? err('is "*": to leave everything alone, include nothing')
      : ok(selection.value);
  };
}
