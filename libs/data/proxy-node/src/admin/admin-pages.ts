import type { JsonValue } from "@bufbuild/protobuf";
import type { AdminView } from "./admin-view.ts";
import { certsJson, secretsOf } from "./certs-page.ts";
import { prometheusText, statsText } from "./metrics-page.ts";
import type { Page, Reply } from "./small-server.ts";

/** The format that Prometheus asks for. */
export const METRICS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** What administration may do, besides reading. */
export interface AdminActions {
  readonly drain: () => void;
  readonly quit: () => void;
}

/** The administration port's pages, under Envoy's names. What changes something takes POST alone. */
export function adminPages(view: AdminView, actions: AdminActions): ReadonlyMap<string, Page> {
  return new Map<string, Page>([
    ["/", { method: "GET", answer: () => ({ body: helpText() }) }],
    ["/ready", { method: "GET", answer: () => readyReply(view) }],
    ["/server_info", { method: "GET", answer: () => jsonReply(serverInfo(view)) }],
    ["/config_dump", { method: "GET", answer: (url) => dumpReply(view, url) }],
    ["/certs", { method: "GET", answer: () => certsReply(view) }],
    ["/clusters", { method: "GET", answer: (url) => clustersReply(view, url) }],
    ["/stats", { method: "GET", answer: (url) => statsReply(view, url) }],
    ["/stats/prometheus", { method: "GET", answer: () => metricsReply(view) }],
    ["/drain_listeners", { method: "POST", answer: () => acted(actions.drain) }],
    ["/quitquitquit", { method: "POST", answer: () => acted(actions.quit) }],
  ]);
}

/** All metrics, as Prometheus reads them. */
export function metricsReply(view: AdminView): Reply {
  return { contentType: METRICS_CONTENT_TYPE, body: prometheusText(view) };
}

function helpText(): string {
  const reading = "/ready /server_info /config_dump /clusters /certs /stats /stats/prometheus";
  return `GET ${reading}\nPOST /drain_listeners /quitquitquit\n`;
}

function readyReply({ state }: AdminView): Reply {
  const now = state();
  return { status: now === "LIVE" ? 200 : 503, body: `${now}\n` };
}

function acted(action: () => void): Reply {
  action();
  return { body: "OK\n" };
}

/** The dump's schemas are loaded when somebody asks: they take more memory than all the rest of administration. */
async function dumpReply({ node, store, startedMs }: AdminView, url: URL): Promise<Reply> {
  const { configDump } = await import("./config-dump.ts");
  const mask = (url.searchParams.get("mask") ?? "").split(",").filter((name) => name !== "");
  const includesEndpoints = url.searchParams.has("include_eds");
  return jsonReply(configDump({ node, state: store.state, startedMs, includesEndpoints, mask }));
}

async function clustersReply({ store }: AdminView, url: URL): Promise<Reply> {
  const { clustersJson, clustersText } = await import("./clusters-page.ts");
  if (url.searchParams.get("format") === "json") return jsonReply(clustersJson(store.compiled));
  return { body: clustersText(store.compiled) };
}

function certsReply({ store, clock }: AdminView): Reply {
  return jsonReply(certsJson(secretsOf(store.state), clock.now()));
}

function statsReply(view: AdminView, url: URL): Reply {
  return url.searchParams.get("format") === "prometheus" ? metricsReply(view) : { body: statsText(view) };
}

function serverInfo({ version, state, clock, startedMs, node }: AdminView): JsonValue {
  const uptimeSeconds = Math.floor((clock.now() - startedMs) / 1_000);
  return {
    version,
    state: state(),
    uptime_current_epoch: `${uptimeSeconds}s`,
    uptime_all_epochs: `${uptimeSeconds}s`,
    node: { id: node.id, cluster: node.cluster },
  };
}

function jsonReply(value: JsonValue): Reply {
  return { contentType: "application/json", body: `${JSON.stringify(value, undefined, 1)}\n` };
}
