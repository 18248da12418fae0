import { print, type ConsoleIo } from "../console-io.ts";
import { formatTable, ISTIOCTL_STYLE } from "../output/format-table.ts";
import { printDocument, type DocumentFormat } from "../output/print-document.ts";
import { askIstiods, type IstiodView } from "../proxy/ask-istiod.ts";
import { SYNC_TYPES } from "../proxy/sync-status.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";

/** `bookmesh proxy-status [POD]`: which sidecar has which part of its configuration, and what it refused. */
export async function proxyStatus(
  io: ConsoleIo,
  word: string | undefined,
  options: ClusterOptions & { readonly output: "table" | DocumentFormat },
): Promise<void> {
  const session = openSession(io, options);
  const wanted = word === undefined || word.includes(".") ? word : `${word}.${session.namespace}`;
  const views = (await askIstiods(session)).map(({ istiod, proxies }) => ({
    istiod,
    proxies: proxies.filter(({ name }) => wanted === undefined || name === wanted),
  }));
  if (wanted !== undefined && views.every(({ proxies }) => proxies.length === 0)) {
    throw new Error(`No istiod knows the sidecar ${wanted}; does the pod have one, and is it ready?`);
  }
  if (options.output === "table") printTable(io, views);
  else printDocument(io, views.flatMap(flatten), options.output);
}

function flatten({ istiod, proxies }: IstiodView): readonly object[] {
  return proxies.map((proxy) => ({ ...proxy, istiod }));
}

function printTable(io: ConsoleIo, views: readonly IstiodView[]): void {
  const header = ["NAME", "CLUSTER", ...SYNC_TYPES, "ISTIOD", "VERSION"];
  const rows = views.flatMap(({ istiod, proxies }) =>
    proxies.map(({ name, cluster, states, version }) => [
      name,
      cluster,
      ...SYNC_TYPES.map((type) => states[type]),
      istiod,
      version,
    ]),
  );
  io.stdout.write(formatTable([header, ...rows], ISTIOCTL_STYLE));
  for (const { name, refusals } of views.flatMap(({ proxies }) => proxies)) {
    for (const { type, detail } of refusals) print(io, `${name} refused ${type}: ${detail}`);
  }
}
