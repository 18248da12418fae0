import type { ResourceRef } from "@bookmesh/kube-api";
import type { ListOptions } from "./kube-client.ts";

/** The path of a resource: `/api/v1/namespaces/default/pods`, or over all namespaces where none is named. */
export function collectionPath(resource: ResourceRef, namespace?: string): string {
  const root =
    resource.group === "" ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  const scope =
    resource.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${root}${scope}/${resource.plural}`;
}

/** The path of one object, or of its `subresource`. Throws where a namespaced resource has no namespace. */
export function objectPath(
  resource: ResourceRef,
  key: { readonly namespace?: string; readonly name: string },
  subresource?: string,
): string {
  if (resource.namespaced && key.namespace === undefined) {
    throw new Error(`A ${resource.kind} lives in a namespace; "${key.name}" was asked for without one.`);
  }
  const tail = subresource === undefined ? "" : `/${subresource}`;
  return `${collectionPath(resource, key.namespace)}/${encodeURIComponent(key.name)}${tail}`;
}

/** The query of a list or watch. */
export function selectorParameters(options: ListOptions): Record<string, string> {
  return {
    ...(options.labelSelector !== undefined && { labelSelector: options.labelSelector }),
    ...(options.fieldSelector !== undefined && { fieldSelector: options.fieldSelector }),
  };
}

/** `path?query`, or `path` where the query is empty. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  return query === "" ? path : `${path}?${query}`;
}
