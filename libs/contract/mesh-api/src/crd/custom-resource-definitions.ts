import type { KubeObject } from "@bookmesh/kube-api";
import { MESH_KINDS, type MeshKind } from "../mesh-kinds.ts";
import { structuralSchema, type StructuralSchema } from "./structural-schema.ts";

/** `apiextensions.k8s.io/v1.CustomResourceDefinition`, as far as ours go. */
export interface CustomResourceDefinition extends KubeObject {
  readonly kind: "CustomResourceDefinition";
  readonly spec: {
    readonly group: string;
    readonly scope: "Namespaced";
    readonly names: {
      readonly kind: string;
      readonly listKind: string;
      readonly plural: string;
      readonly singular: string;
      readonly shortNames: readonly string[];
      readonly categories: readonly string[];
    };
    readonly versions: readonly CustomResourceVersion[];
  };
}

/** One served version of a CustomResourceDefinition. */
export interface CustomResourceVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: StructuralSchema };
  readonly subresources: { readonly status: Readonly<Record<string, never>> };
  readonly additionalPrinterColumns: MeshKind["columns"];
}

/** The definitions of all of Istio's kinds that the mesh knows, ready to be applied. */
export function customResourceDefinitions(): readonly CustomResourceDefinition[] {
  return MESH_KINDS.map(definitionOf);
}

function definitionOf(kind: MeshKind): CustomResourceDefinition {
  const schema = objectSchema(kind);
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${kind.plural}.${kind.group}`,
      labels: { app: "istio-pilot", "istio.io/rev": "default" },
    },
    spec: {
      group: kind.group,
      scope: "Namespaced",
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural: kind.plural,
        singular: kind.singular,
        shortNames: kind.shortNames,
        categories: kind.categories,
      },
      versions: kind.versions.map((name, index) => ({
        name,
        served: true,
        storage: index === 0,
        schema: { openAPIV3Schema: schema },
        subresources: { status: {} },
        additionalPrinterColumns: kind.columns,
      })),
    },
  };
}

function objectSchema({ spec, description }: MeshKind): StructuralSchema {
  return {
    type: "object",
    description,
    properties: {
      spec: structuralSchema(spec),
      status: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    },
  };
}
