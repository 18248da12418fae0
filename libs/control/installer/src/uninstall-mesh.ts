import { ISTIOD_POD_LABELS, MESH_NAMESPACE, meshObjectsWhere, ROOT_CONFIG_MAP } from "@bookmesh/install";
import type { Clock } from "@bookmesh/kernel";
import { apiVersionOf, RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { discovery, type KubeClient } from "@bookmesh/kube-client";
import { findObject, type Cluster } from "./apply-object.ts";
import { waitUntil } from "./wait-until.ts";

/** What to remove, and who hears of it. */
export interface UninstallOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The kinds stay with all rules, and the mesh's namespace, where some of them and the mesh's root are. */
  readonly keepKinds?: boolean;
  readonly onRemoved?: (object: KubeObject) => void;
}

const GONE_MS = 120_000;

/**
 * Removes the mesh, and waits until it is gone: its webhooks first, since a webhook that nobody answers stops every
 * pod; then istiod, and what istiod has written. Returns how many objects.
 */
export async function uninstallMesh(options: UninstallOptions): Promise<number> {
  const cluster = { client: options.client, kinds: discovery(options.client) };
  const { keepKinds = false } = options;
  const objects = meshObjectsWhere(true).toReversed();
  const isWebhook = ({ kind }: KubeObject) => kind.endsWith("WebhookConfiguration");
  const isFoundation = ({ kind }: KubeObject) => FOUNDATIONS.includes(kind);
  const parts = objects.filter((object) => !isWebhook(object) && !isFoundation(object));
  const remove = (some: readonly KubeObject[]) => removeAll(cluster, some, options);
  let removed = await remove(objects.filter(isWebhook));
  removed += await remove(parts);
  await waitUntil("istiod did not end", { ...options, timeoutMs: GONE_MS }, () => istiodGone(cluster));
  removed += await remove(await publishedRoots(cluster));
  return keepKinds ? removed : removed + (await remove(objects.filter(isFoundation)));
}

const FOUNDATIONS: readonly string[] = [RESOURCES.customResourceDefinitions.kind, RESOURCES.namespaces.kind];

async function removeAll(
  cluster: Cluster,
  objects: readonly KubeObject[],
  options: UninstallOptions,
): Promise<number> {
  let removed = 0;
  for (const object of objects) {
    const placed = await findObject(cluster, object);
    if (!placed?.before) continue;
    const { resource, key } = placed;
    await cluster.client.delete(resource, key);
    const title = `${object.kind} ${object.metadata.name} is not gone`;
    await waitUntil(title, { ...options, timeoutMs: GONE_MS }, async () =>
      (await cluster.client.get(resource, key)) ? { waitingFor: "it is being deleted" } : { done: true },
    );
    options.onRemoved?.(object);
    removed += 1;
  }
  return removed;
}

/** While one lives it may write its root again. */
async function istiodGone({ client }: Cluster): Promise<{ done: true } | { waitingFor: string }> {
  const labels = Object.entries(ISTIOD_POD_LABELS).map(([name, value]) => `${name}=${value}`);
  const { items } = await client.list(RESOURCES.pods, {
    namespace: MESH_NAMESPACE,
    labelSelector: labels.join(","),
  });
  return items.length === 0 ? { done: true } : { waitingFor: `${items.length} of its pods are left` };
}

/** The mesh's root certificate, which istiod has put into every namespace. */
async function publishedRoots({ client }: Cluster): Promise<readonly KubeObject[]> {
  const { items } = await client.list(RESOURCES.configMaps, {
    fieldSelector: `metadata.name=${ROOT_CONFIG_MAP}`,
  });
  // The items of a list name neither version nor kind.
  const { kind } = RESOURCES.configMaps;
  return items.map(({ metadata }) => ({ apiVersion: apiVersionOf(RESOURCES.configMaps), kind, metadata }));
}
