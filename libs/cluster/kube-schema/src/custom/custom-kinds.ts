import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "../resource-kind.ts";

/** The rows of a valid CustomResourceDefinition: one for each version it serves. */
export function customKinds(definition: KubeObject): readonly ResourceKind[] {
  void definition;
  return [];
}
