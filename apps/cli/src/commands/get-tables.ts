import {
  collectionPath,
  KubeError,
  objectPath,
  qualifiedName,
  readLines,
  selectorParameters,
  withQuery,
} from "@bookmesh/kube-client";
import { print, warn } from "../console-io.ts";
import type { Target } from "../arguments/targets.ts";
import { columnWidths, formatRow, formatTable, KUBECTL_STYLE } from "../output/format-table.ts";
import { bodyOf, tableRows, type ServerTable, type TableView } from "../output/server-table.ts";
import type { Session } from "../session.ts";
import { ACCEPT_TABLE, askTable } from "./ask-table.ts";
import { namespaceOf, type GetOptions } from "./get-options.ts";

/** Prints a table for each type that has objects, with an empty line between them. */
export async function printTables(
  session: Session,
  targets: readonly Target[],
  options: GetOptions,
): Promise<void> {
  const tables = await Promise.all(targets.map((target) => readTable(session, target, options)));
  const filled = targets.flatMap((target, index) => {
    const table = tables[index];
    return table && (table.rows?.length ?? 0) > 0 ? [{ target, table }] : [];
  });
  filled.forEach(({ target, table }, index) => {
    if (index > 0) print(session.io, "");
    const rows = tableRows(table, viewOf(target, options, targets.length > 1));
    session.io.stdout.write(formatTable(options.headers ? rows : rows.slice(1), KUBECTL_STYLE));
  });
  if (filled.length === 0 && !options.watch) sayNothingFound(session, targets, options);
  const [only] = targets;
  const [table] = tables;
  if (options.watch && only && table) await watchTable(session, { target: only, table, options });
}

function viewOf({ resource }: Target, options: GetOptions, several: boolean): TableView {
  return {
    wide: options.output === "wide",
    namespaces: options.allNamespaces === true && resource.namespaced,
    labels: options.showLabels === true,
    prefix: several ? `${qualifiedName(resource)}/` : "",
  };
}

async function readTable(session: Session, target: Target, options: GetOptions): Promise<ServerTable> {
  const { resource, names } = target;
  if (names.length === 0) return await askTable(session, listPath(session, target, options));
  const key = resource.namespaced ? { namespace: session.namespace } : {};
  const tables = await Promise.all(
    names.map((name) =>
      askTable(session, objectPath(resource, { ...key, name })).catch((error: unknown) => {
        const missing = error instanceof KubeError && error.status.code === 404;
        if (missing && options.ignoreNotFound) return EMPTY;
        throw error;
      }),
    ),
  );
  const [first = EMPTY] = tables;
  return { ...first, rows: tables.flatMap(({ rows = [] }) => rows) };
}

const EMPTY: ServerTable = { kind: "Table", metadata: {}, columnDefinitions: [] };

function listPath(session: Session, { resource }: Target, options: GetOptions): string {
  const selector = options.selector === undefined ? {} : { labelSelector: options.selector };
  return withQuery(collectionPath(resource, namespaceOf(session, options)), selectorParameters(selector));
}

function sayNothingFound(session: Session, targets: readonly Target[], options: GetOptions): void {
  if (targets.some(({ names }) => names.length > 0)) return;
  const everywhere = options.allNamespaces || targets.every(({ resource }) => !resource.namespaced);
  warn(
    session.io,
    everywhere ? "No resources found" : `No resources found in ${session.namespace} namespace.`,
  );
}

interface Watched {
  readonly target: Target;
  readonly table: ServerTable;
  readonly options: GetOptions;
}

/** Goes on with a line for each change until Ctrl-C or the server's end. */
async function watchTable(session: Session, { target, table, options }: Watched): Promise<void> {
  const view = viewOf(target, options, false);
  const widths = columnWidths(tableRows(table, view), KUBECTL_STYLE);
  const [name] = target.names;
  const path = withQuery(collectionPath(target.resource, namespaceOf(session, options)), {
    ...(options.selector !== undefined && { labelSelector: options.selector }),
    ...(name !== undefined && { fieldSelector: `metadata.name=${name}` }),
    watch: "true",
    resourceVersion: table.metadata.resourceVersion ?? "",
  });
  const { signal } = session.io;
  try {
    const { body } = await session.client.request("GET", path, { accept: ACCEPT_TABLE, signal });
    if (!body) return;
    for await (const line of readLines(body)) {
      // The API server is the authority on the shape of its events.
      const { object } = JSON.parse(line) as { readonly object: ServerTable };
      for (const row of bodyOf(withColumns(object, table), view)) print(session.io, formatRow(row, widths));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Only the first event of a watch repeats the columns. */
function withColumns(event: ServerTable, { columnDefinitions }: ServerTable): ServerTable {
  return (event.columnDefinitions as typeof columnDefinitions | null)?.length
    ? event
    : { ...event, columnDefinitions };
}
