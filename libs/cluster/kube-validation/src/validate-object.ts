import type { KubeObject } from "@bookmesh/kube-api";
import { schemaIssues, type FieldIssue, type ResourceKind } from "@bookmesh/kube-model";
import { metadataIssues } from "./metadata-issues.ts";

/**
 * Everything that is wrong with an object, or with its change from `previous`.
 * Decoded and defaulted objects only; each issue fits a `Status`'s `details.causes`.
 */
export function validateObject(
  kind: ResourceKind,
  object: KubeObject,
  previous?: KubeObject,
): readonly FieldIssue[] {
  return [
    ...metadataIssues(kind, object.metadata),
    ...(kind.isCustom ? customIssues(kind, object) : (kind.rules.validate?.(object) ?? [])),
    ...(previous === undefined ? [] : (kind.rules.validateUpdate?.(object, previous) ?? [])),
  ];
}

/** The metadata has rules of its own. */
function customIssues({ schema }: ResourceKind, object: KubeObject): readonly FieldIssue[] {
  return schemaIssues({ ...schema, properties: { ...schema.properties, metadata: {} } }, object, "");
}
