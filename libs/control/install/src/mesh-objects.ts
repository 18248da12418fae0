import type { KubeObject } from "@bookmesh/kube-api";
import { customResourceDefinitions } from "@bookmesh/mesh-api";
import { accessObjects } from "./access.ts";
import { injectorConfigMap } from "./injector-config.ts";
import type { InstallValues } from "./install-values.ts";
import { istiodDeployment, istiodService } from "./istiod.ts";
import { meshConfigMap } from "./mesh-config.ts";
import { MESH_LABELS, MESH_NAMESPACE } from "./names.ts";
import { webhookConfigurations } from "./webhooks.ts";

/** A part of the mesh that is installed, and reported, as one. */
export interface MeshComponent {
  /** As it stands in `✔ Istiod installed`. */
  readonly name: "Istio core" | "Istiod";
  /** In the order in which they can be applied. */
  readonly objects: readonly KubeObject[];
}

/** The components of the mesh that `values` describe, in the order of their installation. */
export function meshComponents(values: InstallValues): readonly MeshComponent[] {
  return [
    {
      name: "Istio core",
      objects: [...customResourceDefinitions(), namespace(), ...accessObjects(), meshConfigMap(values)],
    },
    {
      name: "Istiod",
      objects: [
        injectorConfigMap(values),
        istiodService(),
        istiodDeployment(values),
        ...webhookConfigurations(),
      ],
    },
  ];
}

/** All objects of the mesh that `values` describe: what `bookmesh install` applies. */
export function meshObjects(values: InstallValues): readonly KubeObject[] {
  return meshComponents(values).flatMap(({ objects }) => objects);
}

function namespace(): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: MESH_NAMESPACE, labels: MESH_LABELS },
  };
}
