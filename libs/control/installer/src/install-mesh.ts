import { meshComponents, meshObjectsWhere, type InstallValues, type MeshComponent } from "@bookmesh/install";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { discovery } from "@bookmesh/kube-client";
import { applyObject, findObject, type Cluster } from "./apply-object.ts";
import { componentReady, type ReadyOptions } from "./component-ready.ts";
import { tryInstallation } from "./try-installation.ts";

/** What to install where. */
export interface InstallOptions extends ReadyOptions {
  readonly values: InstallValues;
  /** Told when a component begins, and when it is applied and ready. */
  readonly onProgress?: (component: string, state: "applying" | "installed") => void;
}

/** What an installation did. */
export interface Installed {
  /** How many objects were created or changed; 0 where the mesh was already as wanted. */
  readonly changed: number;
}

/**
 * Installs the mesh, or makes an installed one as `values` say, and waits until each component is ready and its
 * webhooks answer. Whoever repeats it changes nothing. What the server would refuse is found before anything is written.
 */
export async function installMesh(options: InstallOptions): Promise<Installed> {
  const components = meshComponents(options.values);
  const cluster = { client: options.client, kinds: discovery(options.client) };
  await tryInstallation(
    cluster,
    components.flatMap(({ objects }) => objects),
  );
  let changed = 0;
  for (const component of components) {
    options.onProgress?.(component.name, "applying");
    changed += await applyAll(cluster, component.objects);
    await componentReady(component, options);
    options.onProgress?.(component.name, "installed");
  }
  return { changed: changed + (await removeObsolete(cluster, components)) };
}

/** What an earlier choice of values had and this one does not. */
async function removeObsolete(cluster: Cluster, components: readonly MeshComponent[]): Promise<number> {
  const idOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.name}`;
  const wanted = new Set(components.flatMap(({ objects }) => objects.map(idOf)));
  const others = meshObjectsWhere(true).filter((object) => !wanted.has(idOf(object)));
  const found = await Promise.all(others.map((object) => findObject(cluster, object)));
  const obsolete = found.flatMap((placed) => (placed?.before ? [placed] : []));
  await Promise.all(obsolete.map(({ resource, key }) => cluster.client.delete(resource, key)));
  return obsolete.length;
}

/** What others need to exist first. */
const FOUNDATIONS: readonly string[] = [RESOURCES.customResourceDefinitions.kind, RESOURCES.namespaces.kind];

async function applyAll(cluster: Cluster, objects: readonly KubeObject[]): Promise<number> {
  const isFoundation = ({ kind }: KubeObject) => FOUNDATIONS.includes(kind);
  const stages = [objects.filter(isFoundation), objects.filter((object) => !isFoundation(object))];
  let changed = 0;
  for (const stage of stages) {
    const changes = await Promise.all(stage.map((object) => applyObject(cluster, object)));
    changed += changes.filter(Boolean).length;
  }
  return changed;
}
