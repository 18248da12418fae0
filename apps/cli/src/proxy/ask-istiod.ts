import { ISTIOD_POD_LABELS, MESH_NAMESPACE } from "@bookmesh/install";
import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import { execOutput } from "@bookmesh/kube-client";
import type { Session } from "../session.ts";
import { readSyncStatus, type ProxySync } from "./sync-status.ts";

/** The sidecars of one istiod. */
export interface IstiodView {
  readonly istiod: string;
  readonly proxies: readonly ProxySync[];
}

/** Asks each running istiod, inside its container, about its sidecars. Throws where there is none. */
export async function askIstiods(session: Session): Promise<readonly IstiodView[]> {
  const labelSelector = Object.entries(ISTIOD_POD_LABELS)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
  const { items } = await session.client.list<Pod>(RESOURCES.pods, {
    namespace: MESH_NAMESPACE,
    labelSelector,
  });
  const running = items.filter(({ status }) => status?.phase === "Running");
  if (running.length === 0)
    throw new Error(`No istiod runs in namespace ${MESH_NAMESPACE}; is the mesh installed?`);
  return await Promise.all(
    running.map(async ({ metadata: { name } }) => ({
      istiod: name,
      proxies: readSyncStatus(await askIstiod(session, name, "/debug/syncz")),
    })),
  );
}

/** What one istiod, by the name of its pod, answers at a path of its debug port. */
export async function askIstiod({ config }: Session, istiod: string, path: string): Promise<string> {
  const { exitCode, stdout, stderr } = await execOutput(config, {
    namespace: MESH_NAMESPACE,
    pod: istiod,
    container: "discovery",
    command: ["control-plane", "request", "GET", path],
  });
  if (exitCode !== 0) throw new Error(`istiod ${istiod} did not answer: ${stderr.trim() || stdout.trim()}`);
  return stdout;
}
