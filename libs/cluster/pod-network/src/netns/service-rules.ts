import type { Service } from "@bookmesh/kube-api";
import { affinityMs } from "../service-directory.ts";
import type { Target } from "../target.ts";

/** Where the cluster's own servers listen inside its network. */
export interface ClusterPlaces {
  readonly gateway: string;
  /** All pods, in CIDR notation. */
  readonly pods: string;
  readonly apiPort: number;
  readonly dnsPort: number;
  /** Where connections to addresses outside the cluster go. */
  readonly exitPort: number;
}

/** A port of a Service with the endpoints that take its traffic. */
export interface ServedPort {
  readonly clusterIp: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp";
  readonly targets: readonly Target[];
  /** How long a caller stays with the endpoint that it had; absent: it does not. */
  readonly affinitySeconds?: number;
}

/** The addresses of cluster DNS and of the API, as on every Kubernetes. */
export const DNS_ADDRESS = "10.96.0.10";
export const API_ADDRESS = "10.96.0.1";

const SERVICE_RANGE = "10.96.0.0/16";
/** Nothing listens there: what is sent there is refused. */
const CLOSED_PORT = 1;

/** The text for `iptables-restore`, the whole of table nat: what is sent to a ClusterIP goes to an endpoint by chance. */
export function serviceRules(
  places: ClusterPlaces,
  ports: readonly ServedPort[],
  podIps: readonly string[],
): string {
  const { gateway, pods, apiPort, dnsPort, exitPort } = places;
  const own = (clusterIp: string, [protocol, port, to]: readonly ["tcp" | "udp", number, number]) =>
    portRules({ clusterIp, protocol, port, targets: [{ host: gateway, port: to }] }, gateway);
  return `${[
    "*nat",
    ...own(API_ADDRESS, ["tcp", 443, apiPort]),
    ...own(DNS_ADDRESS, ["udp", 53, dnsPort]),
    ...own(DNS_ADDRESS, ["tcp", 53, dnsPort]),
    ...ports.flatMap((served) => portRules(served, gateway)),
    `-A PREROUTING -d ${SERVICE_RANGE} -j RETURN`,
    `-A PREROUTING -s ${pods} ! -d ${pods} -p tcp -j DNAT --to-destination ${gateway}:${exitPort}`,
    // A pod that reaches itself by a Service must not see its own address as the caller's: it would answer itself.
    ...podIps.map((ip) => `-A POSTROUTING -s ${ip} -d ${ip} -j SNAT --to-source ${gateway}`),
    "COMMIT",
  ].join("\n")}\n`;
}

/** The ports of a Service that has an address of its own, each with its endpoints. */
export function servedPorts(
  service: Service,
  targets: (port: number) => readonly Target[],
): readonly ServedPort[] {
  const { clusterIP: clusterIp, ports = [] } = service.spec;
  const affinity = affinityMs(service);
  if (clusterIp === undefined || clusterIp === "None" || clusterIp === "" || clusterIp === API_ADDRESS)
    return [];
  return ports.flatMap(({ port, protocol = "TCP" }) =>
    protocol === "TCP" || protocol === "UDP"
      ? [
          {
            clusterIp,
            port,
            protocol: protocol === "TCP" ? "tcp" : "udp",
            targets: inOrder(targets(port)),
            ...(affinity !== undefined && { affinitySeconds: affinity / 1000 }),
          } as const,
        ]
      : [],
  );
}

/** The port for which nobody is remembered. */
export function withoutAffinity({ clusterIp, port, protocol, targets }: ServedPort): ServedPort {
  return { clusterIp, port, protocol, targets };
}

/** Always the same order: the same endpoints make the same rules. */
function inOrder(targets: readonly Target[]): readonly Target[] {
  return targets.toSorted((one, other) =>
    `${one.host}:${one.port}` < `${other.host}:${other.port}` ? -1 : 1,
  );
}

/** Of n endpoints the first is taken in 1 of n cases, the second in 1 of the n - 1 that are left, and so on. */
function portRules(served: ServedPort, gateway: string): readonly string[] {
  const { targets, affinitySeconds } = served;
  const places = targets.length === 0 ? [{ host: gateway, port: CLOSED_PORT }] : targets;
  if (affinitySeconds === undefined)
    return places.map((place, index) => ruleTo(served, place, chanceOf(places, index)));
  // Who is remembered at an endpoint goes there, and is remembered anew; all others are from their first call on.
  const known = ` --update --seconds ${affinitySeconds} --reap --rsource`;
  return [
    ...places.map((place) => ruleTo(served, place, `${listOf(served, place)}${known}`)),
    ...places.map((place, index) =>
      ruleTo(served, place, `${chanceOf(places, index)}${listOf(served, place)} --set --rsource`),
    ),
  ];
}

function ruleTo({ clusterIp, port, protocol }: ServedPort, place: Target, match: string): string {
  return `-A PREROUTING -d ${clusterIp} -p ${protocol} --dport ${port}${match} -j DNAT --to-destination ${place.host}:${place.port}`;
}

function chanceOf(places: readonly Target[], index: number): string {
  const left = places.length - index;
  return left === 1 ? "" : ` -m statistic --mode random --probability ${(1 / left).toFixed(8)}`;
}

/** The kernel's list of those who call an endpoint. */
function listOf({ clusterIp, port, protocol }: ServedPort, place: Target): string {
  return ` -m recent --name ${clusterIp}-${protocol}-${port}-${place.host}-${place.port}`;
}
