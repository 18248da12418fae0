import type { KubeObject } from "@bookmesh/kube-api";
import { objectOf, schemaDefaults, type ResourceKind } from "@bookmesh/kube-model";

/** The object with everything filled in that its writer left to the API. Filling twice changes nothing. */
export function defaultObject(kind: ResourceKind, object: KubeObject): KubeObject {
  if (!kind.isCustom) return kind.rules.defaults?.(object) ?? object;
  const { metadata } = object;
  return {
    ...objectOf(schemaDefaults(kind.schema, object)),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata,
  };
}
