import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import type { FieldIssue } from "./field-issue.ts";
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

/** What only this kind does; whatever is absent happens as for every other kind. All of it pure. */
export interface KindRules {
  /** Fills what the writer left out. */
  defaults?(object: KubeObject): KubeObject;
  /** What is wrong with the object by itself, beyond its schema and its metadata. */
  validate?(object: KubeObject): readonly FieldIssue[];
  /** What is wrong with the change from `old`. */
  validateUpdate?(object: KubeObject, old: KubeObject): readonly FieldIssue[];
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
  /** The schema's name among OpenAPI's definitions: `io.k8s.api.core.v1.Pod`. */
  readonly definition: string;
  /** The definition that a part of the schema is; `undefined` for schemas without a name. */
  readonly definitionOf: (schema: Schema) => string | undefined;
  /** Custom resources are decoded, pruned and told off in other words than built-in kinds. */
  readonly isCustom: boolean;
  readonly printer: TablePrinter;
  /** Spec changes count generations. */
  readonly hasGeneration: boolean;
  /** `metadata.name` must be a DNS label, a DNS subdomain, or anything that fits a path. */
  readonly nameRule: "label" | "service" | "subdomain" | "path";
  /** Fields beyond `metadata.name` and `metadata.namespace` that a field selector may name, with their values. */
  readonly selectableFields: Readonly<Record<string, (object: KubeObject) => string>>;
  readonly rules: KindRules;
  /** What everybody who still uses the kind is told. */
  readonly deprecation?: string;
  /** What the rules of a custom resource's author say of an object that has passed its schema, or of its change. */
  readonly judge?: (object: KubeObject, previous?: KubeObject) => readonly FieldIssue[];
  /** Where a custom resource's `scale` subresource lies; built-in kinds use `spec.replicas`, `status.replicas`, `spec.selector`. */
  readonly scale?: ScalePaths;
}

/** The fields behind a `scale` subresource, as simple JSON paths (`.spec.replicas`). */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}
