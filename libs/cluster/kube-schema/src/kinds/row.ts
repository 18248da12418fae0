import type { KubeObject, ResourceRef } from "@bookmesh/kube-api";
import type { KindRules, ResourceKind, TablePrinter } from "@bookmesh/kube-model";
import type { SchemaLookup } from "../definitions.ts";

/** What a built-in kind says about itself; the rest follows from it. */
export interface Row {
  readonly ref: ResourceRef;
  readonly definition: string;
  readonly printer: TablePrinter;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly string[];
  readonly subresources?: readonly string[];
  readonly hasGeneration?: boolean;
  readonly nameRule?: ResourceKind["nameRule"];
  readonly selectableFields?: Readonly<Record<string, (object: KubeObject) => string>>;
  readonly rules?: KindRules;
  readonly deprecation?: string;
}

/** The verbs of a resource that is stored. */
export const STORED_VERBS = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
] as const;

/** Completes a row. */
export function kindOf(row: Row, lookup: SchemaLookup): ResourceKind {
  const { ref, definition, printer } = row;
  return {
    ...ref,
    definition,
    printer,
    singular: ref.kind.toLowerCase(),
    listKind: `${ref.kind}List`,
    shortNames: row.shortNames ?? [],
    categories: row.categories ?? [],
    verbs: row.verbs ?? STORED_VERBS,
    subresources: row.subresources ?? [],
    schema: lookup.schemaOf(definition),
    definitionOf: lookup.definitionOf,
    isCustom: false,
    hasGeneration: row.hasGeneration ?? false,
    nameRule: row.nameRule ?? "subdomain",
    selectableFields: row.selectableFields ?? {},
    rules: row.rules ?? {},
    ...(row.deprecation !== undefined && { deprecation: row.deprecation }),
  };
}
