import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind, TableColumn } from "@bookmesh/kube-model";

/** What `kubectl get` asks for. Source: Kubernetes API, `meta/v1.Table`. */
export interface Table {
  readonly kind: "Table";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly columnDefinitions: readonly TableColumn[];
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: unknown }[];
}

/** An object cut down to its metadata. Source: Kubernetes API, `meta/v1.PartialObjectMetadata`. */
export interface PartialObjectMetadata {
  readonly kind: "PartialObjectMetadata";
  readonly apiVersion: "meta.k8s.io/v1";
  readonly metadata: KubeObject["metadata"];
}

/** How a table is asked for: `includeObject=Metadata` (the default), `Object` or `None`. */
export interface TableOptions {
  readonly nowMs: number;
  readonly resourceVersion?: string;
  readonly includeObject?: "Metadata" | "Object" | "None";
}

/** The objects as a table, in the columns of their kind. */
export function tableOf(kind: ResourceKind, objects: readonly KubeObject[], options: TableOptions): Table {
  const { nowMs, resourceVersion, includeObject = "Metadata" } = options;
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: resourceVersion === undefined ? {} : { resourceVersion },
    columnDefinitions: kind.printer.columns,
    rows: objects.map((object) => ({
      cells: kind.printer.cells(object, nowMs),
      object: includedObject(object, includeObject),
    })),
  };
}

/** The object's metadata alone. */
export function partialMetadata({ metadata }: KubeObject): PartialObjectMetadata {
  return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata };
}

function includedObject(object: KubeObject, include: NonNullable<TableOptions["includeObject"]>): unknown {
  switch (include) {
    case "Object":
      return object;
    case "None":
      return null;
    case "Metadata":
      return partialMetadata(object);
  }
}
