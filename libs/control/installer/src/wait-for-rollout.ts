import { RESOURCES, type Deployment, type Pod } from "@bookmesh/kube-api";
import type { KubeClient, ObjectKey } from "@bookmesh/kube-client";
import { waitUntil, type Look, type Patience } from "./wait-until.ts";

/** Waits until every pod of a Deployment runs its newest template and is ready; throws what its pods wait for. */
export async function waitForRollout(
  client: KubeClient,
  key: ObjectKey & { readonly namespace: string },
  patience: Patience,
): Promise<void> {
  await waitUntil(`Deployment ${key.namespace}/${key.name} did not become ready`, patience, async () => {
    const deployment = await client.get<Deployment>(RESOURCES.deployments, key);
    if (!deployment) return { waitingFor: "it does not exist" };
    const progress = rolloutProgress(deployment);
    if ("done" in progress) return progress;
    const reasons = await podReasons(client, key.namespace, deployment);
    return { waitingFor: [progress.waitingFor, ...reasons].join("; ") };
  });
}

/** How far a rollout is, by its status alone. */
export function rolloutProgress({ metadata, spec, status = {} }: Deployment): Look<true> {
  const wanted = spec.replicas ?? 1;
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  if (observedGeneration < (metadata.generation ?? 0)) {
    return { waitingFor: "its last change was not seen yet" };
  }
  if (updatedReplicas < wanted) return { waitingFor: `${updatedReplicas} of ${wanted} pods are new` };
  if (replicas > updatedReplicas) return { waitingFor: `${replicas - updatedReplicas} old pods are left` };
  if (availableReplicas < wanted) {
    return { waitingFor: `${availableReplicas} of ${wanted} pods are available` };
  }
  return { done: true };
}

/** What containers that do not run say of themselves: `pod rating-… is waiting: ImagePullBackOff`. */
async function podReasons(
  client: KubeClient,
  namespace: string,
  { spec }: Deployment,
): Promise<readonly string[]> {
  const labels = Object.entries(spec.selector.matchLabels ?? {});
  const labelSelector = labels.map(([name, value]) => `${name}=${value}`).join(",");
  const { items } = await client.list<Pod>(RESOURCES.pods, { namespace, labelSelector });
  return items.flatMap(({ metadata, status }) =>
    (status?.containerStatuses ?? []).flatMap(({ name, state }) => {
      const waiting = state?.waiting;
      if (!waiting) return [];
      const why = [waiting.reason, waiting.message].filter((part) => part !== undefined).join(", ");
      return [`container ${name} of pod ${metadata.name} waits: ${why}`];
    }),
  );
}
