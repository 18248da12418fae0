import { stringify } from "yaml";
import type { ConsoleIo } from "../console-io.ts";

/** How a value is written out for programs. */
export type DocumentFormat = "json" | "yaml";

/** Writes a value as JSON (four spaces) or YAML, both with sorted fields, as kubectl. */
export function printDocument(io: ConsoleIo, value: unknown, format: DocumentFormat): void {
  io.stdout.write(format === "json" ? `${JSON.stringify(value, withSortedFields, 4)}\n` : yaml(value));
}

function withSortedFields(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function yaml(value: unknown): string {
  return stringify(value, {
    version: "1.1", // quotes what older readers would take for dates and booleans
    lineWidth: 0,
    indentSeq: false,
    sortMapEntries: true,
    aliasDuplicateObjects: false,
  });
}
