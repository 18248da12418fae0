import { installValues, MESH_NAMESPACE, meshObjects } from "@bookmesh/install";
import { invariant } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { discovery, type KubeClient } from "@bookmesh/kube-client";

/** What to remove, and who hears of it. */
export interface UninstallOptions {
  readonly client: KubeClient;
  /** Also the kinds, with all rules, and the namespace, with the mesh's root. */
  readonly purge?: boolean;
  readonly onRemoved?: (object: KubeObject) => void;
}

/** Removes the mesh: its webhooks first, since a webhook that nobody answers stops every pod. Returns how many objects. */
export async function uninstallMesh({ client, purge = false, onRemoved }: UninstallOptions): Promise<number> {
  const kinds = discovery(client);
  let removed = 0;
  for (const object of removalOrder(purge)) {
    const { name, namespace } = object.metadata;
    const resource = await kinds.kind(object.apiVersion, object.kind);
    const key = namespace === undefined ? { name } : { name, namespace };
    if (!resource || !(await client.delete(resource, key))) continue;
    onRemoved?.(object);
    removed += 1;
  }
  return removed;
}

function removalOrder(purge: boolean): readonly KubeObject[] {
  // Which objects there are does not depend on the profile.
  const values = installValues([]);
  invariant(values.ok, "no setting is a valid choice of settings");
  const kept = purge ? [] : ["CustomResourceDefinition", RESOURCES.namespaces.kind];
  const objects = meshObjects(values.value).filter(({ kind }) => !kept.includes(kind));
  const isWebhook = ({ kind }: KubeObject) => kind.endsWith("WebhookConfiguration");
  const isNamespace = ({ metadata }: KubeObject) => metadata.name === MESH_NAMESPACE;
  const others = objects.filter((object) => !isWebhook(object) && !isNamespace(object)).reverse();
  return [...objects.filter(isWebhook), ...others, ...objects.filter(isNamespace)];
}
