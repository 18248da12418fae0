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
import { sentenceOf } from "../explain.ts";
import { Ended, EXIT } from "../failures.ts";
import { columnWidths, formatRow, formatTable, KUBECTL_STYLE } from "../output/format-table.ts";
import { bodyOf, tableRows, type ServerTable, type TableView } from "../output/server-table.ts";
import type { Session } from "../session.ts";
import { ACCEPT_TABLE, askTable } from "./ask-table.ts";
import { namespaceOf, type GetOptions } from "./get-options.ts";

/** Prints a table for each type that has objects, with an empty line between them; then fails of what is missing. */
export async function printTables(
  session: Session,
  targets: readonly Target[],
  options: GetOptions,
): Promise<void> {
  const read = await Promise.all(targets.map((target) => readTable(session, target, options)));
  const tables = read.map(({ table }) => table);
  const filled = targets.flatMap((target, index) => {
    const table = tables[index];
    return table && (table.rows?.length ?? 0) > 0 ? [{ target, table }] : [];
  });
  filled.forEach(({ target, table }, index) => {
    if (index > 0) print(session.io, "");
    const rows = tableRows(table, viewOf(target, options, targets.length > 1));
    session.io.stdout.write(formatTable(options.headers ? rows : rows.slice(1), KUBECTL_STYLE));
  });
  const failures = read.flatMap((each) => each.failures);
  for (const failure of failures) warn(session.io, sentenceOf(failure));
  if (failures.length > 0) throw new Ended(EXIT.failure);
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

interface ReadTable {
  readonly table: ServerTable;
  /** Why named objects are not in it. */
  readonly failures: readonly unknown[];
}

async function readTable(session: Session, target: Target, options: GetOptions): Promise<ReadTable> {
  const { resource, names } = target;
  if (names.length === 0) {
    return { table: await askTable(session, listPath(session, target, options)), failures: [] };
  }
  const key = resource.namespaced ? { namespace: session.namespace } : {};
  const answers = await Promise.allSettled(
    names.map((name) => askTable(session, objectPath(resource, { ...key, name }))),
  );
  const tables = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  const [first = EMPTY] = tables;
  return {
    table: { ...first, rows: tables.flatMap(({ rows = [] }) => rows) },
    failures: answers
      .flatMap((answer): readonly unknown[] => (answer.status === "rejected" ? [answer.reason] : []))
      .filter((reason) => !(options.ignoreNotFound && isNotFound(reason))),
  };
}

function isNotFound(reason: unknown): boolean {
  return reason instanceof KubeError && reason.status.code === 404;
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
