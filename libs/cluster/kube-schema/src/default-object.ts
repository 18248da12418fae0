import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "./resource-kind.ts";

/** The object with everything filled in that its writer left to the API. Filling twice changes nothing. */
export function defaultObject(kind: ResourceKind, object: KubeObject): KubeObject {
  return kind.rules.defaults?.(object) ?? object;
}
