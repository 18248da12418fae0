import type { KubeList, KubeObject, WatchEvent } from "@bookmesh/kube-api";
import { partialMetadata, tableOf, type TableOptions } from "@bookmesh/kube-printing";
import { wantedForm } from "./exchange.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** An object in the form that the client wants: whole, as a table of one row, or its metadata alone. */
export function represent(request: ResourceRequest, object: KubeObject): unknown {
  const { kind } = request;
  const { as } = wantedForm(request.exchange);
  if (as === "Table") {
    const { resourceVersion } = object.metadata;
    return tableOf(kind, [object], {
      ...tableOptions(request),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    });
  }
  return as === "PartialObjectMetadata" ? partialMetadata(object) : object;
}

/** A list in the form that the client wants. */
export function representList(request: ResourceRequest, list: KubeList): unknown {
  const { as } = wantedForm(request.exchange);
  if (as === "Table") {
    const table = tableOf(request.kind, list.items, tableOptions(request));
    return { ...table, metadata: list.metadata };
  }
  if (as !== "PartialObjectMetadataList" && as !== "PartialObjectMetadata") return list;
  const items = list.items.map(partialMetadata);
  return { kind: "PartialObjectMetadataList", apiVersion: "meta.k8s.io/v1", metadata: list.metadata, items };
}

/** Makes the lines of a watch in the form that the client wants. Only a table's first one names its columns. */
export function eventRepresentation(request: ResourceRequest): (event: WatchEvent) => unknown {
  const { as } = wantedForm(request.exchange);
  let columnsSent = false;
  return ({ type, object }) => {
    if (type === "ERROR" || as === undefined) return { type, object };
    if (as !== "Table") return { type, object: partialMetadata(object) };
    if (type === "BOOKMARK") return { type, object: bookmarkTable(object) };
    const table = represent(request, object);
    if (!columnsSent || typeof table !== "object") {
      columnsSent = true;
      return { type, object: table };
    }
    return { type, object: { ...table, columnDefinitions: null } };
  };
}

function bookmarkTable({ metadata: { resourceVersion, annotations } }: KubeObject): object {
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion, ...(annotations ? { annotations } : {}) },
    columnDefinitions: null,
    rows: [],
  };
}

function tableOptions({ exchange, serving }: ResourceRequest): TableOptions {
  const nowMs = serving.registry.clock.now();
  const wanted = exchange.query.get("includeObject");
  return wanted === "Object" || wanted === "None" ? { nowMs, includeObject: wanted } : { nowMs };
}
