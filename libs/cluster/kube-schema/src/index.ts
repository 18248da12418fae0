export type { Schema } from "./schema.ts";
export type { ResourceKind, TableColumn, TablePrinter } from "./resource-kind.ts";
