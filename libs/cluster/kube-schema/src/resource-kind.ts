import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import type { Schema } from "./schema.ts";

/** A column of a `Table`. Source: Kubernetes API, `meta/v1.TableColumnDefinition`. */
export interface TableColumn {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  readonly description?: string;
  /** 0: always shown; above: only with `-o wide`. */
  readonly priority: number;
}

/** How objects of one kind are printed by `kubectl get`. */
export interface TablePrinter {
  readonly columns: readonly TableColumn[];
  /** One cell a column. `nowMs` for ages. */
  cells(object: KubeObject, nowMs: number): readonly unknown[];
}

/** A row of the API: one served resource, and all that differs between it and any other. */
export interface ResourceKind extends ResourceRef {
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  readonly listKind: string;
  readonly schema: Schema;
  readonly printer: TablePrinter;
  /** Spec changes count generations. */
  readonly hasGeneration: boolean;
  /** `metadata.name` must be a DNS label, a DNS subdomain, or anything that fits a path. */
  readonly nameRule: "label" | "subdomain" | "path";
  /** Fields beyond `metadata.name` and `metadata.namespace` that a field selector may name, with their values. */
  readonly selectableFields: Readonly<Record<string, (object: KubeObject) => string>>;
}
