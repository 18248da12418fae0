import { stringify } from "yaml";
import type { ConsoleIo } from "../console-io.ts";

/** How a value is written out for programs. */
export type DocumentFormat = "json" | "yaml";

/** Writes a value as JSON (four spaces, as kubectl) or YAML with sorted fields. */
export function printDocument(io: ConsoleIo, value: unknown, format: DocumentFormat): void {
  io.stdout.write(format === "json" ? `${JSON.stringify(value, undefined, 4)}\n` : yaml(value));
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
