import type { KubeObject } from "@bookmesh/kube-api";

/** What an API server answers to whom asks for a table. Source: Kubernetes API, `meta.k8s.io/v1.Table`. */
export interface ServerTable {
  readonly kind: "Table";
  readonly metadata: { readonly resourceVersion?: string };
  readonly columnDefinitions: readonly { readonly name: string; readonly priority?: number }[];
  readonly rows?: readonly {
    readonly cells: readonly unknown[];
    readonly object?: Partial<KubeObject>;
  }[];
}

/** What to show of a table. */
export interface TableView {
  /** Columns of lower priority too. */
  readonly wide: boolean;
  /** Objects of all namespaces: each row says which. */
  readonly namespaces: boolean;
  readonly labels: boolean;
  /** `pod/` before each name, where several types are shown. */
  readonly prefix: string;
}

/** The important columns, of objects of one type and namespace. */
export const PLAIN_VIEW: TableView = { wide: false, namespaces: false, labels: false, prefix: "" };

/** The header and the rows as text. */
export function tableRows(table: ServerTable, view: TableView): readonly (readonly string[])[] {
  return [headerOf(table, view), ...bodyOf(table, view)];
}

/** The rows alone. */
export function bodyOf(table: ServerTable, view: TableView): readonly (readonly string[])[] {
  const shown = shownColumns(table, view);
  return (table.rows ?? []).map(({ cells, object }) => [
    ...(view.namespaces ? [object?.metadata?.namespace ?? ""] : []),
    ...shown.map((column, index) => `${index === 0 ? view.prefix : ""}${cellText(cells[column])}`),
    ...(view.labels ? [labelsText(object)] : []),
  ]);
}

function headerOf(table: ServerTable, view: TableView): readonly string[] {
  const names = shownColumns(table, view).map((column) => table.columnDefinitions[column]?.name ?? "");
  return [
    ...(view.namespaces ? ["NAMESPACE"] : []),
    ...names.map((name) => name.toUpperCase()),
    ...(view.labels ? ["LABELS"] : []),
  ];
}

function shownColumns({ columnDefinitions }: ServerTable, { wide }: TableView): readonly number[] {
  return columnDefinitions.flatMap(({ priority = 0 }, index) => (wide || priority === 0 ? [index] : []));
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  return typeof cell === "string" ? cell : JSON.stringify(cell);
}

function labelsText(object: Partial<KubeObject> | undefined): string {
  const labels = Object.entries(object?.metadata?.labels ?? {});
  return labels.length === 0 ? "<none>" : labels.map(([name, value]) => `${name}=${value}`).join(",");
}
