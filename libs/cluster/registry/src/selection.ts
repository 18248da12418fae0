import { badRequest } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { parseFieldSelector, parseLabelSelector } from "@bookmesh/kube-schema";

/** Makes one test of a label selector and a field selector; throws BadRequest for what cannot be read. */
export function selection(
  kind: ResourceKind,
  {
    labelSelector = "",
    fieldSelector = "",
  }: { readonly labelSelector?: string; readonly fieldSelector?: string },
): (object: KubeObject) => boolean {
  const labels = parseLabelSelector(labelSelector);
  if (!labels.ok) throw badRequest(labels.error);
  const fields = parseFieldSelector(kind, fieldSelector);
  if (!fields.ok) throw badRequest(fields.error);
  return (object) => labels.value(object.metadata.labels) && fields.value(object);
}
