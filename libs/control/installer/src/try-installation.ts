import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { findObject, tryObject, type Cluster } from "./apply-object.ts";

/**
 * Asks the server about every object before one is written, so that a mesh is never half-installed.
 * Throws all that stands in the way.
 */
export async function tryInstallation(cluster: Cluster, objects: readonly KubeObject[]): Promise<void> {
  const isNamespace = ({ kind }: KubeObject) => kind === RESOURCES.namespaces.kind;
  // A namespace that is going refuses all that is in it: it is named once.
  const stages = [objects.filter(isNamespace), objects.filter((object) => !isNamespace(object))];
  for (const stage of stages) {
    const problems = await Promise.all(stage.map((object) => problemOf(cluster, object)));
    const found = problems.filter((problem) => problem !== undefined);
    if (found.length === 0) continue;
    throw new Error(["The mesh cannot be installed, and nothing was changed:", ...found].join("\n  "));
  }
}

async function problemOf(cluster: Cluster, object: KubeObject): Promise<string | undefined> {
  const title = titleOf(object);
  const placed = await findObject(cluster, object);
  if (!placed) return `${title} needs a kind that the cluster does not have, of ${object.apiVersion}.`;
  if (placed.before?.metadata.deletionTimestamp !== undefined) {
    return `${title} is being deleted: wait until it is gone, then install again.`;
  }
  if (!(await isHomeThere(cluster, object))) return undefined; // its namespace comes with the mesh
  try {
    await tryObject(cluster, placed, object);
    return undefined;
  } catch (error) {
    return `${title} is refused: ${messageOf(error).trim()}${adviceFor(messageOf(error))}`;
  }
}

async function isHomeThere({ client }: Cluster, { metadata }: KubeObject): Promise<boolean> {
  if (metadata.namespace === undefined) return true;
  return (await client.get(RESOURCES.namespaces, { name: metadata.namespace })) !== undefined;
}

function titleOf({ kind, metadata: { name, namespace } }: KubeObject): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

function adviceFor(message: string): string {
  return message.includes("immutable") ? " (Delete the object, or uninstall, and install again.)" : "";
}
