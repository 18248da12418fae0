import {
  lineOf,
  numberOf,
  objectsOf,
  parseJsonPath,
  textOf,
  type JsonObject,
  type TableColumn,
  type TablePrinter,
} from "@bookmesh/kube-model";
import { AGE, NAME, printerOf, type Cell } from "./cells.ts";
import { humanAge } from "./human-duration.ts";

/** Custom resources without columns of their own show their age. */
const AGE_ONLY: readonly Cell[] = [{ ...AGE, type: "date" }];

/** The table of a custom resource, by its version's `additionalPrinterColumns`. */
export function customPrinter(columns: unknown): TablePrinter {
  const own = objectsOf(columns);
  return {
    ...printerOf([NAME, ...(own.length === 0 ? AGE_ONLY : [])]),
    ...(own.length > 0 && printerWith(own)),
  };
}

function printerWith(columns: readonly JsonObject[]): TablePrinter {
  const paths = columns.map(({ jsonPath }) => parseJsonPath(textOf(jsonPath)));
  const types = columns.map(({ type }) => columnType(type));
  return {
    columns: [
      ...printerOf([NAME]).columns,
      ...columns.map((column, index) => ({
        name: textOf(column["name"]),
        type: types[index] ?? "string",
        format: textOf(column["format"]),
        description: textOf(column["description"]),
        priority: numberOf(column["priority"]),
      })),
    ],
    cells: (object, nowMs) => [
      object.metadata.name,
      ...paths.map((path, index) => cellOf(types[index] ?? "string", path?.(object)[0], nowMs)),
    ],
  };
}

/** Only the first value that a path finds is shown; one of another type than the column's is not. */
function cellOf(type: TableColumn["type"], value: unknown, nowMs: number): unknown {
  if (value === undefined || value === null) return null;
  switch (type) {
    case "string":
      return lineOf(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" && !Number.isNaN(Date.parse(value))
        ? humanAge(value, nowMs)
        : "<invalid>";
  }
}

function columnType(type: unknown): TableColumn["type"] {
  switch (type) {
    case "integer":
    case "number":
    case "boolean":
    case "date":
      return type;
    default:
      return "string";
  }
}
