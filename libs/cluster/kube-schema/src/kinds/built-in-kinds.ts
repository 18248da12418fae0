import type { ResourceKind } from "@bookmesh/kube-model";
import { schemaLookup } from "../definitions.ts";
import { CORE_ROWS } from "./core-rows.ts";
import { GROUP_ROWS } from "./group-rows.ts";
import { kindOf } from "./row.ts";

/** Every kind that the API serves without a CustomResourceDefinition. */
export function builtInKinds(): readonly ResourceKind[] {
  const lookup = schemaLookup();
  return [...CORE_ROWS, ...GROUP_ROWS].map((row) => kindOf(row, lookup));
}
