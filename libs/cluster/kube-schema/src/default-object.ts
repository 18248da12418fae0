import type { KubeObject } from "@bookmesh/kube-api";
import { schemaDefaults } from "./custom/schema-defaults.ts";
import { objectOf } from "./json.ts";
import type { ResourceKind } from "./resource-kind.ts";

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
