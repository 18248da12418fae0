import { waitForRollout } from "@bookmesh/installer";
import { RESOURCES, type Deployment } from "@bookmesh/kube-api";
import { systemClock } from "@bookmesh/node-host";
import { notFound } from "../arguments/not-found.ts";
import { readTargets } from "../arguments/targets.ts";
import { print, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** As long as Kubernetes gives a Deployment to make progress. */
const ROLLOUT_MS = 600_000;

/** `bookmesh rollout status deployment/NAME`: returns when all of its pods are new and ready. */
export async function rolloutStatus(
  io: ConsoleIo,
  words: readonly string[],
  options: ClusterOptions,
): Promise<void> {
  const session = openSession(io, options);
  const patience = { clock: systemClock, signal: io.signal, timeoutMs: ROLLOUT_MS };
  for (const name of await deploymentNames(session, words)) {
    const key = { namespace: session.namespace, name };
    if (!(await session.client.get<Deployment>(RESOURCES.deployments, key))) {
      throw notFound(RESOURCES.deployments, name);
    }
    await waitForRollout(session.client, key, patience);
    print(io, `deployment "${name}" successfully rolled out`);
  }
}

/** `bookmesh rollout restart deployment/NAME`: new pods take the place of the old ones, one after the other. */
export async function rolloutRestart(
  io: ConsoleIo,
  words: readonly string[],
  options: ClusterOptions,
): Promise<void> {
  const session = openSession(io, options);
  // Whatever changes in the template makes new pods; kubectl changes this.
  const restartedAt = new Date(systemClock.now()).toISOString();
  const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
  const body = { spec: { template: { metadata: { annotations } } } };
  for (const name of await deploymentNames(session, words)) {
    const key = { namespace: session.namespace, name };
    await session.client.patch(RESOURCES.deployments, key, { type: "merge", body });
    print(io, `deployment.apps/${name} restarted`);
  }
}

async function deploymentNames({ discovery }: Session, words: readonly string[]): Promise<readonly string[]> {
  const targets = await readTargets(words, discovery);
  const others = targets.filter(({ resource }) => resource.plural !== RESOURCES.deployments.plural);
  const names = targets.flatMap((target) => target.names);
  if (others.length > 0 || names.length === 0) {
    throw new UsageError("Name a Deployment, as in: deployment/rating-service-v1");
  }
  return names;
}
