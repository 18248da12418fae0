import type { Registry } from "@bufbuild/protobuf";
import { anyRegistry } from "@bookmesh/xds-api/admin";
import type { ConnectedProxies } from "../ads/connected-proxies.ts";
import { configDump } from "./config-dump.ts";
import type { Metrics } from "./metrics.ts";
import type { Page, Pages } from "./monitoring-server.ts";
import { syncStatus } from "./sync-status.ts";

/** What the pages read. */
export interface PageSources {
  readonly isReady: () => boolean;
  readonly version: string;
  readonly revision: string;
  readonly clusterId: string;
  readonly metrics: Metrics;
  readonly proxies: ConnectedProxies;
}

/** The pages of port 15014. */
export function debugPages(sources: PageSources): Pages {
  let known: Registry | undefined;
  // Made when somebody asks: most control planes are never asked.
  const registry = () => (known ??= anyRegistry());
  const { isReady, version, revision, clusterId, metrics, proxies } = sources;
  const pages = new Map<string, (query: URLSearchParams) => Page>([
    ["/ready", () => (isReady() ? { status: 200, text: "" } : { status: 503, text: "Not ready yet.\n" })],
    ["/version", () => ({ status: 200, text: `${version}-${revision}-Clean` })],
    ["/metrics", () => ({ status: 200, text: metrics.render() })],
    ["/debug/syncz", () => ({ status: 200, json: proxies.list().map(syncStatus) })],
    [
      "/debug/clusterz",
      () => ({ status: 200, json: [{ id: clusterId, secretName: "", syncStatus: "synced" }] }),
    ],
    ["/debug/config_dump", (query) => dumpOf(query.get("proxyID"), proxies, registry)],
  ]);
  pages.set("/debug", () => ({ status: 200, text: [...pages.keys()].join("\n") }));
  return pages;
}

function dumpOf(proxyId: string | null, proxies: ConnectedProxies, registry: () => Registry): Page {
  if (proxyId === null) return { status: 400, text: "Name a proxy: ?proxyID=pod.namespace\n" };
  const target = proxies.find(proxyId)?.target;
  return target
    ? { status: 200, json: configDump(target, registry()) }
    : {
        status: 404,
        text: "Proxy not connected to this Pilot instance. It may be connected to another instance.\n",
      };
}
