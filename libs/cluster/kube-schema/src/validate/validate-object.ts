import type { KubeObject } from "@bookmesh/kube-api";
import type { FieldIssue } from "../field-issue.ts";
import type { ResourceKind } from "../resource-kind.ts";

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
    ...(kind.rules.validate?.(object) ?? []),
    ...(previous === undefined ? [] : (kind.rules.validateUpdate?.(object, previous) ?? [])),
  ];
}
