import { apiVersionOf, RESOURCES, type ConfigMap, type Namespace } from "@bookmesh/kube-api";
import { followStore, pruneObject, reconciler, type FollowPorts } from "@bookmesh/mesh-world";
import type { KubeClient } from "@bookmesh/kube-client";

/** The ConfigMap from which every sidecar takes the mesh root. */
export const ROOT_CONFIG_MAP = "istio-ca-root-cert";
const ROOT_KEY = "root-cert.pem";

/** Keeps the mesh root in a ConfigMap of every namespace: new ones get it at once, changed ones are put right. */
export function publishRoot(rootPem: string, ports: FollowPorts): void {
  const publish = reconciler("Publishing the mesh root", () => publishAll(), ports);
  const follow = { onChange: publish, transform: pruneObject };
  const namespaces = followStore<Namespace>(ports, { resource: RESOURCES.namespaces, where: {}, ...follow });
  const published = followStore<ConfigMap>(ports, {
    resource: RESOURCES.configMaps,
    where: { fieldSelector: `metadata.name=${ROOT_CONFIG_MAP}` },
    ...follow,
  });
  const publishAll = async () => {
    await Promise.all([namespaces.synced, published.synced]);
    const current = new Map(published.store.list().map((map) => [map.metadata.namespace, map]));
    const wanting = namespaces.store
      .list()
      .filter(({ status }) => status?.phase !== "Terminating")
      .filter(({ metadata }) => current.get(metadata.name)?.data?.[ROOT_KEY] !== rootPem);
    await Promise.all(wanting.map(({ metadata }) => publishTo(ports.client, metadata.name, rootPem)));
    return "done" as const;
  };
  publish();
}

async function publishTo(client: KubeClient, namespace: string, rootPem: string): Promise<void> {
  const map: ConfigMap = {
    apiVersion: apiVersionOf(RESOURCES.configMaps),
    kind: "ConfigMap",
    metadata: { name: ROOT_CONFIG_MAP, namespace, labels: { "istio.io/config": "true" } },
    data: { [ROOT_KEY]: rootPem },
  };
  const key = { namespace, name: ROOT_CONFIG_MAP };
  const exists = (await client.get(RESOURCES.configMaps, key)) !== undefined;
  // Two istiods may race here; whoever loses fails, tries again and finds nothing left to do.
  if (exists) await client.patch(RESOURCES.configMaps, key, { type: "merge", body: { data: map.data } });
  else await client.create(RESOURCES.configMaps, map);
}
