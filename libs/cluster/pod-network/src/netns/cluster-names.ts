import { SERVICE_NAME, type EndpointSlice, type Service } from "@bookmesh/kube-api";
import type { Answer, Question } from "dns-packet";
import { hostnameOf } from "../service-directory.ts";

/** What the cluster's names are read from. */
export interface NamedObjects {
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string): readonly EndpointSlice[];
}

/** The names end with it. */
export const CLUSTER_DOMAIN = "cluster.local";
/** How long an answer may be kept, as Kubernetes' CoreDNS says it. */
const TTL_SECONDS = 5;
const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
const SRV = { priority: 0, weight: 100 };

/** The records of a name of the cluster; `undefined` where there is no such name. Source: Kubernetes' DNS specification. */
export function clusterAnswers(
  objects: NamedObjects,
  { name, type }: Question,
): readonly Answer[] | undefined {
  const labels = name.toLowerCase().replace(/\.$/, "").split(".").slice(0, -CLUSTER_DOMAIN.split(".").length);
  const [kind, namespace = "", ...rest] = labels.toReversed();
  const first = rest.toReversed();
  if (kind === "pod") return podAnswers(name, type, first);
  if (kind !== "svc") return undefined;
  const service = objects.service(namespace, first.at(-1) ?? "");
  if (service === undefined) return undefined;
  const found = serviceHosts(service, objects);
  if (first.length === 1)
    return (
      addressAnswers(
        name,
        type,
        found.map(({ ip }) => ip),
      ) ?? aliasAnswers(name, service)
    );
  if (first.length === 2) {
    const ips = found.filter(({ hostname }) => hostname === first[0]).map(({ ip }) => ip);
    return ips.length === 0 ? undefined : addressAnswers(name, type, ips);
  }
  return portAnswers(service, found, { name, type, first });
}

/** `10-244-0-5.default.pod.cluster.local`. */
function podAnswers(
  name: string,
  type: string,
  [dashed = ""]: readonly string[],
): readonly Answer[] | undefined {
  const ip = dashed.replaceAll("-", ".");
  return IPV4.test(ip) ? addressAnswers(name, type, [ip]) : undefined;
}

/** One address behind a name. */
interface Host {
  readonly ip: string;
  /** What stands before the Service's name for this one alone. */
  readonly hostname: string;
}

function serviceHosts({ metadata, spec }: Service, objects: NamedObjects): readonly Host[] {
  const { clusterIP: clusterIp = "" } = spec;
  if (IPV4.test(clusterIp)) return [{ ip: clusterIp, hostname: "" }];
  return objects
    .slices(metadata.namespace ?? "")
    .filter((slice) => slice.metadata.labels?.[SERVICE_NAME] === metadata.name)
    .flatMap(({ endpoints }) =>
      endpoints
        .filter(({ conditions }) => conditions?.ready !== false || spec.publishNotReadyAddresses === true)
        .flatMap((endpoint) => endpoint.addresses.map((ip) => ({ ip, hostname: hostnameOf(endpoint, ip) }))),
    );
}

function addressAnswers(name: string, type: string, ips: readonly string[]): readonly Answer[] | undefined {
  if (ips.length === 0) return undefined;
  return type === "A" ? ips.map((data) => ({ name, type: "A", ttl: TTL_SECONDS, data })) : [];
}

function aliasAnswers(name: string, { spec }: Service): readonly Answer[] {
  const { type, externalName } = spec;
  return type === "ExternalName" && externalName !== undefined
    ? [{ name, type: "CNAME", ttl: TTL_SECONDS, data: externalName }]
    : [];
}

/** `_http._tcp.rating.default.svc.cluster.local`. */
function portAnswers(
  { spec }: Service,
  hosts: readonly Host[],
  { name, type, first }: { readonly name: string; readonly type: string; readonly first: readonly string[] },
): readonly Answer[] | undefined {
  const [portName, protocol, ...service] = first;
  const port = spec.ports?.find(
    (candidate) =>
      `_${candidate.name ?? ""}` === portName &&
      `_${(candidate.protocol ?? "TCP").toLowerCase()}` === protocol,
  );
  if (port === undefined || service.length !== 1) return undefined;
  if (type !== "SRV") return [];
  const suffix = name.split(".").slice(2).join(".");
  return hosts.map(({ hostname }) => ({
    name,
    type: "SRV",
    ttl: TTL_SECONDS,
    data: { ...SRV, port: port.port, target: hostname === "" ? suffix : `${hostname}.${suffix}` },
  }));
}
