import { ruleOf, type ConfigDump } from "./config-dump.ts";
import type { JsonView } from "./json-view.ts";
import { listenerRows } from "./listener-rows.ts";

/** The views that `bookmesh proxy-config` has, each as istioctl names its columns. */
export const PROXY_VIEWS = ["listeners", "routes", "clusters", "endpoints"] as const;

/** One of them. */
export type ProxyView = (typeof PROXY_VIEWS)[number];

/** Rows under a header. */
export interface ProxyTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The listeners of a proxy, a row for each filter chain. */
export function listenersTable({ listeners }: ConfigDump): ProxyTable {
  return { header: ["ADDRESSES", "PORT", "MATCH", "DESTINATION"], rows: listeners.flatMap(listenerRows) };
}

/** The routes of a proxy, a row for each. */
export function routesTable({ routes }: ConfigDump): ProxyTable {
  return {
    header: ["NAME", "VHOST NAME", "DOMAINS", "MATCH", "VIRTUAL SERVICE"],
    rows: routes.flatMap((configuration) =>
      configuration
        .at("virtual_hosts")
        .items()
        .flatMap((host) => hostRows(configuration, host)),
    ),
  };
}

/** The clusters of a proxy; the parts of their names tell what they lead to. */
export function clustersTable({ clusters }: ConfigDump): ProxyTable {
  return {
    header: ["SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", "DESTINATION RULE"],
    rows: clusters.map((cluster) => {
      const type = cluster.at("type").text() || cluster.at("cluster_type", "name").text() || "STATIC";
      return [...nameParts(cluster.at("name").text()), type, ruleOf(cluster)];
    }),
  };
}

/** The hosts of a proxy's clusters, from its `/clusters?format=json`. Source: `envoy.admin.v3.Clusters`. */
export function endpointsTable(clusters: JsonView): ProxyTable {
  return {
    header: ["ENDPOINT", "STATUS", "OUTLIER CHECK", "CLUSTER"],
    rows: clusters
      .at("cluster_statuses")
      .items()
      .flatMap((cluster) =>
        cluster
          .at("host_statuses")
          .items()
          .map((host) => [addressOf(host), healthOf(host), outlierOf(host), cluster.at("name").text()]),
      ),
  };
}

function hostRows(configuration: JsonView, host: JsonView): readonly (readonly string[])[] {
  const domains = host
    .at("domains")
    .items()
    .map((domain) => domain.text());
  return host
    .at("routes")
    .items()
    .map((route) => [
      configuration.at("name").text(),
      host.at("name").text(),
      shortened(domains),
      matchOf(route.at("match")),
      route.at("direct_response", "status").text() === "404" ? "404" : ruleOf(route),
    ]);
}

function shortened(domains: readonly string[]): string {
  const shortest = domains.toSorted((one, other) => one.length - other.length);
  const shown = shortest.slice(0, 2).join(", ");
  return domains.length > 2 ? `${shown} + ${domains.length - 2} more...` : shown;
}

function matchOf(match: JsonView): string {
  const prefix = match.at("prefix").text() || match.at("path_separated_prefix").text();
  if (prefix !== "") return `${prefix}*`;
  const path = match.at("path").text();
  if (path !== "") return path;
  const regex = match.at("safe_regex", "regex").text();
  return regex === "" ? "/*" : `regex ${regex}`;
}

/** `outbound|8080|version-v1|rating.default.svc.cluster.local`, taken apart. */
function nameParts(name: string): readonly [fqdn: string, port: string, subset: string, direction: string] {
  const [direction = "", port = "", subset = "", fqdn] = name.split("|");
  return fqdn === undefined ? [name, "-", "-", "-"] : [fqdn, port, subset || "-", direction];
}

function addressOf(host: JsonView): string {
  const socket = host.at("address", "socket_address");
  return `${socket.at("address").text()}:${socket.at("port_value").text()}`;
}

function healthOf(host: JsonView): string {
  return host.at("health_status", "eds_health_status").text() || "HEALTHY";
}

function outlierOf(host: JsonView): string {
  return host.at("health_status", "failed_outlier_check").raw() === true ? "FAILED" : "OK";
}
