import type { Clock } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject, type Namespace } from "@bookmesh/kube-api";
import { discovery, type KubeClient } from "@bookmesh/kube-client";
import { applyManifest } from "./apply-manifest.ts";
import { chosenValues } from "./chosen-values.ts";
import { installMesh, type InstallOptions } from "./install-mesh.ts";
import { readManifests } from "./manifests.ts";
import { waitForRollout } from "./wait-for-rollout.ts";

/** A step that is done, and how long it took. */
export interface Step {
  readonly name: string;
  readonly ms: number;
}

/** What to bring up on a cluster that answers. */
export interface BringUpOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** As `--set`: `profile=demo`. */
  readonly settings: readonly string[];
  /** Files and folders of manifests for namespace `default`, applied in this order. */
  readonly manifests: readonly string[];
  readonly onStep: (step: Step) => void;
}

const ROLLOUT_MS = 120_000;

/** Installs the mesh, labels namespace `default`, applies the manifests and waits for their Deployments. */
export async function bringUp(options: BringUpOptions): Promise<void> {
  const { client, clock, onStep } = options;
  const timed = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const startedAtMs = clock.now();
    const result = await work();
    onStep({ name, ms: clock.now() - startedAtMs });
    return result;
  };
  await timed("mesh installed", () => installWithSettings(options));
  await timed("namespace default labelled", () => labelNamespace(client, "default"));
  const applied = await timed("services deployed", () => applyFiles(options));
  await timed("services ready", () => deploymentsReady(options, applied));
}

/** Installs what `settings` choose, on the pod network that the cluster publishes. Throws where one is wrong. */
export async function installWithSettings(
  options: Omit<InstallOptions, "values"> & { readonly settings: readonly string[] },
): Promise<{ readonly changed: number }> {
  return await installMesh({ ...options, values: await chosenValues(options.settings, options.client) });
}

/** Asks for a sidecar in each new pod of a namespace. */
export async function labelNamespace(client: KubeClient, name: string): Promise<void> {
  const labels = { "istio-injection": "enabled" };
  const namespace = await client.get<Namespace>(RESOURCES.namespaces, { name });
  if (namespace?.metadata.labels?.["istio-injection"] === "enabled") return;
  await client.patch(RESOURCES.namespaces, { name }, { type: "merge", body: { metadata: { labels } } });
}

async function applyFiles({ client, manifests }: BringUpOptions): Promise<readonly KubeObject[]> {
  const context = { client, discovery: discovery(client), namespace: "default" };
  const applied: KubeObject[] = [];
  for (const { object } of manifests.flatMap(readManifests)) {
    applied.push((await applyManifest(context, object)).object);
  }
  return applied;
}

async function deploymentsReady(options: BringUpOptions, applied: readonly KubeObject[]): Promise<void> {
  const deployments = applied.filter(({ kind }) => kind === "Deployment");
  await Promise.all(
    deployments.map(({ metadata: { name, namespace = "default" } }) =>
      waitForRollout(options.client, { name, namespace }, { ...options, timeoutMs: ROLLOUT_MS }),
    ),
  );
}
