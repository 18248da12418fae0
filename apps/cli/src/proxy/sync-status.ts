import { jsonView } from "./json-view.ts";

/** What istiod knows of one sidecar. */
export interface ProxySync {
  /** `pod.namespace`. */
  readonly name: string;
  readonly cluster: string;
  readonly version: string;
  /** By type: CDS, LDS, EDS, RDS. */
  readonly states: Readonly<Record<SyncType, string>>;
  /** What the sidecar refused, by type, in its own words. */
  readonly refusals: readonly { readonly type: string; readonly detail: string }[];
}

/** The types whose state is shown. */
export const SYNC_TYPES = ["CDS", "LDS", "EDS", "RDS"] as const;

/** One of them. */
export type SyncType = (typeof SYNC_TYPES)[number];

/** The names of the fields `<name>_sent` and `<name>_acked`, and of the xDS resource. */
const FIELDS = {
  CDS: { field: "cluster", resource: "Cluster" },
  LDS: { field: "listener", resource: "Listener" },
  EDS: { field: "endpoint", resource: "ClusterLoadAssignment" },
  RDS: { field: "route", resource: "RouteConfiguration" },
} as const satisfies Record<SyncType, { readonly field: string; readonly resource: string }>;

/** Reads istiod's `/debug/syncz`. */
export function readSyncStatus(text: string): readonly ProxySync[] {
  return jsonView(JSON.parse(text))
    .items()
    .map((proxy) => {
      const resources = proxy.at("resources").entries();
      const lastError = (type: SyncType) =>
        resources
          .find(([url]) => url.endsWith(`.${FIELDS[type].resource}`))?.[1]
          .at("last_error")
          .text() ?? "";
      const state = (type: SyncType) => {
        const { field } = FIELDS[type];
        const sent = proxy.at(`${field}_sent`).text();
        return lastError(type) === "" ? stateOf(sent, proxy.at(`${field}_acked`).text()) : "ERROR";
      };
      return {
        name: proxy.at("proxy").text(),
        cluster: proxy.at("cluster_id").text(),
        version: proxy.at("istio_version").text(),
        states: { CDS: state("CDS"), LDS: state("LDS"), EDS: state("EDS"), RDS: state("RDS") },
        refusals: SYNC_TYPES.map((type) => ({ type, detail: lastError(type) })).filter(
          ({ detail }) => detail !== "",
        ),
      };
    });
}

/** Says whether a sidecar has everything that istiod sent. */
export function inSync({ states }: ProxySync): boolean {
  return SYNC_TYPES.every((type) => states[type] === "SYNCED" || states[type] === "NOT SENT");
}

function stateOf(sent: string, acked: string): string {
  if (sent === "") return "NOT SENT";
  return sent === acked ? "SYNCED" : "STALE";
}
