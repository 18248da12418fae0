import type { ResourceAccess } from "@bookmesh/cluster-api";
import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { builtInKinds } from "@bookmesh/kube-schema";

/** `apiextensions.k8s.io/v1.CustomResourceDefinition`, as far as it matters which resources it serves. */
interface Definition extends KubeObject {
  readonly spec: {
    readonly group: string;
    readonly scope: "Namespaced" | "Cluster";
    readonly names: { readonly plural: string; readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
    }[];
  };
}

/** Every kind of object that can be listed and deleted, once, in one of its versions. */
export async function deletableResources(access: ResourceAccess): Promise<readonly ResourceRef[]> {
  const builtIn = builtInKinds().filter(({ verbs }) => verbs.includes("list") && verbs.includes("delete"));
  const { items } = await access.list<Definition>(RESOURCES.customResourceDefinitions);
  const byResource = new Map<string, ResourceRef>();
  for (const kind of [...builtIn, ...items.flatMap(customResource)])
    byResource.set(`${kind.group}/${kind.plural}`, kind);
  return [...byResource.values()];
}

function customResource({ spec }: Definition): readonly ResourceRef[] {
  const { group, names, scope, versions } = spec;
  const served = versions.find(({ storage, served: isServed }) => storage && isServed);
  if (served === undefined) return [];
  return [{ group, version: served.name, ...names, namespaced: scope === "Namespaced" }];
}
