import { execOutput } from "@bookmesh/kube-client";
import type { ConsoleIo } from "../console-io.ts";
import { formatTable, ISTIOCTL_STYLE } from "../output/format-table.ts";
import { printDocument, type DocumentFormat } from "../output/print-document.ts";
import { readConfigDump } from "../proxy/config-dump.ts";
import { jsonView, type JsonView } from "../proxy/json-view.ts";
import {
  clustersTable,
  endpointsTable,
  listenersTable,
  routesTable,
  type ProxyTable,
  type ProxyView,
} from "../proxy/proxy-tables.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** The options of `bookmesh proxy-config`. */
export interface ProxyConfigOptions extends ClusterOptions {
  readonly output: "table" | DocumentFormat;
  /** Shows only rows with this text in a cell. */
  readonly filter?: string;
  /** Shows only rows that have just this as a cell. */
  readonly cluster?: string;
}

/** `bookmesh proxy-config VIEW POD[.NAMESPACE]`: what a sidecar holds, in istioctl's columns. */
export async function proxyConfig(
  io: ConsoleIo,
  { view, pod }: { readonly view: ProxyView; readonly pod: string },
  options: ProxyConfigOptions,
): Promise<void> {
  const session = openSession(io, options);
  const { table, resources } = await readView(session, view, pod);
  if (options.output !== "table") {
    printDocument(
      io,
      resources.map((resource) => resource.raw()),
      options.output,
    );
    return;
  }
  const { filter, cluster } = options;
  const rows = table.rows
    .filter((row) => filter === undefined || row.some((cell) => cell.includes(filter)))
    .filter((row) => cluster === undefined || row.includes(cluster));
  io.stdout.write(formatTable([table.header, ...rows], ISTIOCTL_STYLE));
}

interface ViewContent {
  readonly table: ProxyTable;
  readonly resources: readonly JsonView[];
}

async function readView(session: Session, view: ProxyView, pod: string): Promise<ViewContent> {
  if (view === "endpoints") {
    const clusters = jsonView(JSON.parse(await adminAnswer(session, pod, "/clusters?format=json")));
    return { table: endpointsTable(clusters), resources: clusters.at("cluster_statuses").items() };
  }
  const dump = readConfigDump(await adminAnswer(session, pod, "/config_dump?include_eds"));
  switch (view) {
    case "listeners":
      return { table: listenersTable(dump), resources: dump.listeners };
    case "routes":
      return { table: routesTable(dump), resources: dump.routes };
    case "clusters":
      return { table: clustersTable(dump), resources: dump.clusters };
  }
}

/** Asks the sidecar's admin port from inside its container, where alone it listens. */
async function adminAnswer({ config, namespace }: Session, word: string, path: string): Promise<string> {
  const [pod = "", podNamespace = namespace] = word.replace(/^pod\//, "").split(".");
  const { exitCode, stdout, stderr } = await execOutput(config, {
    namespace: podNamespace,
    pod,
    container: "istio-proxy",
    command: ["sidecar-proxy", "request", "GET", path],
  });
  if (exitCode !== 0) {
    throw new Error(`The sidecar of pod ${pod} did not answer: ${stderr.trim() || stdout.trim()}`);
  }
  return stdout;
}
