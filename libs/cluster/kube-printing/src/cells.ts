import type { KubeObject } from "@bookmesh/kube-api";
import {
  isObject,
  listOf,
  objectOf,
  objectsOf,
  textOf,
  type TableColumn,
  type TablePrinter,
} from "@bookmesh/kube-model";
import { humanAge } from "./human-duration.ts";

/** What `kubectl get` shows where a cell has nothing to say. */
export const NONE = "<none>";

/** A column with the cell it shows. */
export interface Cell extends Pick<TableColumn, "name"> {
  readonly type?: TableColumn["type"];
  readonly format?: string;
  /** Shown only with `-o wide`. */
  readonly wide?: boolean;
  value(object: KubeObject, nowMs: number): unknown;
}

/** The first column of every table. */
export const NAME: Cell = { name: "Name", format: "name", value: ({ metadata }) => metadata.name };

/** The column that is last of the narrow ones in most tables. */
export const AGE: Cell = {
  name: "Age",
  value: ({ metadata }, nowMs) => humanAge(metadata.creationTimestamp, nowMs),
};

/** What a kind without columns of its own shows. */
export const CREATED_AT: Cell = {
  name: "Created At",
  type: "date",
  value: ({ metadata }) => metadata.creationTimestamp ?? null,
};

/** A printer from its cells, in their order. */
export function printerOf(cells: readonly Cell[]): TablePrinter {
  return {
    columns: cells.map(({ name, type = "string", format = "", wide = false }) => ({
      name,
      type,
      format,
      description: "",
      priority: wide ? 1 : 0,
    })),
    cells: (object, nowMs) => cells.map((cell) => cell.value(object, nowMs)),
  };
}

/** Labels as `a=b,c=d`, sorted. */
export function formatLabels(labels: unknown): string {
  const pairs = Object.entries(objectOf(labels)).map(([key, value]) => `${key}=${textOf(value)}`);
  return pairs.length === 0 ? NONE : pairs.sort().join(",");
}

/** A label selector as `a=b,c in (d,e),!f`. */
export function formatSelector(selector: unknown): string {
  if (!isObject(selector)) return NONE;
  const labels = Object.entries(objectOf(selector["matchLabels"])).map(
    ([key, value]) => `${key}=${textOf(value)}`,
  );
  const expressions = objectsOf(selector["matchExpressions"]).map(formatExpression);
  const parts = [...labels, ...expressions];
  return parts.length === 0 ? NONE : parts.sort().join(",");
}

/** The names and images of a pod template's containers, for the wide columns. */
export function containerCells(podSpecOf: (object: KubeObject) => unknown): readonly Cell[] {
  const fieldOf = (field: string) => (object: KubeObject) =>
    objectsOf(objectOf(podSpecOf(object))["containers"])
      .map((container) => textOf(container[field]))
      .join(",");
  return [
    { name: "Containers", wide: true, value: fieldOf("name") },
    { name: "Images", wide: true, value: fieldOf("image") },
  ];
}

/** The first three of a list, and how many more there are. */
export function shortList(items: readonly string[], empty: string): string {
  const shown = items.slice(0, 3).join(",");
  if (items.length > 3) return `${shown} + ${items.length - 3} more...`;
  return shown === "" ? empty : shown;
}

function formatExpression(expression: Readonly<Record<string, unknown>>): string {
  const key = textOf(expression["key"]);
  const values = listOf(expression["values"]).map(textOf).sort().join(",");
  switch (expression["operator"]) {
    case "In":
      return `${key} in (${values})`;
    case "NotIn":
      return `${key} notin (${values})`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return key;
  }
}
