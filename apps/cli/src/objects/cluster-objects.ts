import { DEFAULT_MESH_SETTINGS, readMeshSettings } from "@bookmesh/injection";
import { MESH_NAMESPACE } from "@bookmesh/install";
import {
  apiVersionOf,
  RESOURCES,
  type ConfigMap,
  type KubeObject,
  type ResourceRef,
} from "@bookmesh/kube-api";
import { KubeError, type KubeClient } from "@bookmesh/kube-client";
import type { MeshConfig } from "@bookmesh/mesh-api";

const READ = [
  RESOURCES.namespaces,
  RESOURCES.services,
  RESOURCES.endpointSlices,
  RESOURCES.pods,
  RESOURCES.deployments,
  RESOURCES.statefulSets,
  RESOURCES.daemonSets,
  RESOURCES.virtualServices,
  RESOURCES.destinationRules,
  RESOURCES.gateways,
  RESOURCES.requestAuthentications,
  RESOURCES.authorizationPolicies,
] as const;

/** Everything of a cluster that analyzers look at. Kinds that the cluster does not have are left out. */
export async function clusterObjects(client: KubeClient): Promise<readonly KubeObject[]> {
  const lists = await Promise.all(READ.map((resource) => listOf(client, resource)));
  return lists.flat();
}

async function listOf(client: KubeClient, resource: ResourceRef): Promise<readonly KubeObject[]> {
  try {
    const { items } = await client.list(resource);
    // Members of a list do not say their kind where the list does.
    return items.map((item) => ({ ...item, apiVersion: apiVersionOf(resource), kind: resource.kind }));
  } catch (error) {
    if (error instanceof KubeError && error.status.code === 404) return [];
    throw error;
  }
}

/** The mesh configuration of a cluster; the default where no mesh is installed. */
export async function clusterMeshConfig(client: KubeClient): Promise<MeshConfig> {
  const map = await client.get<ConfigMap>(RESOURCES.configMaps, { namespace: MESH_NAMESPACE, name: "istio" });
  return readMeshSettings(map === undefined ? [] : [map], DEFAULT_MESH_SETTINGS).settings.meshConfig;
}
