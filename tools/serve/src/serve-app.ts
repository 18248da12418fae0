import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { bringUp, waitForRollout } from "@bookmesh/installer";
import { RESOURCES } from "@bookmesh/kube-api";
import { kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { systemClock } from "@bookmesh/node-host";
import { homeDirectory, isAlive, runningCluster } from "./running-cluster.ts";
import { ROOT, type ServedApp } from "./served-app.ts";
import { watchBundle } from "./watch-bundle.ts";

const POLL_MS = 250;
const ROLLOUT_MS = 120_000;

/** Brings up what an app needs, deploys it, restarts its pods when its source changes, and follows its logs. */
export async function serveApp(name: string, app: ServedApp, signal: AbortSignal): Promise<void> {
  const client = await clusterClient(signal);
  if (client === undefined) return;
  let deployed = false;
  const deployOrRestart = async () => {
    if (deployed) await restart(client, app, signal);
    else await deploy(client, app, signal);
    deployed = true;
  };
  const logs = followLogs(app, signal);
  await watchBundle(name, { signal, onBuilt: deployOrRestart });
  await logs;
}

/** Waits for the cluster: Nx starts what this depends on, but does not wait until it is ready. */
async function clusterClient(signal: AbortSignal): Promise<KubeClient | undefined> {
  const home = homeDirectory();
  const kubeconfig = join(home, "kubeconfig");
  while (!signal.aborted) {
    if (runningCluster(home) !== undefined && existsSync(kubeconfig))
      return kubeClient(loadKubeConfig(kubeconfig));
    await delay(POLL_MS);
  }
  return undefined;
}

/** Several apps may be served at once: the steps, which are idempotent, run under one lock. */
async function deploy(client: KubeClient, { manifests }: ServedApp, signal: AbortSignal): Promise<void> {
  await underLock(signal, () =>
    bringUp({
      client,
      clock: systemClock,
      signal,
      settings: ["profile=demo"],
      manifests,
      onStep: ({ name, ms }) => process.stdout.write(`${name} (${ms} ms)\n`),
    }),
  );
}

async function underLock(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const lock = join(homeDirectory(), "bring-up.lock");
  while (!(await taken(lock))) {
    signal.throwIfAborted();
    await delay(POLL_MS);
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function taken(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isAlive(Number(await readFile(lock, "utf8").catch(() => "0")))) await rm(lock, { force: true });
    return false; // somebody else holds it, or held it when they were killed: the next look tells
  }
}

async function restart(
  client: KubeClient,
  { deployments, namespace }: ServedApp,
  signal: AbortSignal,
): Promise<void> {
  const restartedAt = new Date(systemClock.now()).toISOString();
  const annotations = { "kubectl.kubernetes.io/restartedAt": restartedAt };
  const body = { spec: { template: { metadata: { annotations } } } };
  for (const name of deployments) {
    await client.patch(RESOURCES.deployments, { namespace, name }, { type: "merge", body });
    await waitForRollout(client, { namespace, name }, { clock: systemClock, signal, timeoutMs: ROLLOUT_MS });
  }
  process.stdout.write(`${deployments.join(", ")} restarted\n`);
}

/** Follows the logs of the app's first Deployment by our own command, again whenever its pod is replaced. */
async function followLogs(
  { deployments: [deployment = ""], namespace, container }: ServedApp,
  signal: AbortSignal,
): Promise<void> {
  const bookmesh = join(ROOT, "apps/cli/bin/bookmesh.mjs");
  while (!signal.aborted) {
    const child = spawn(
      process.execPath,
      [bookmesh, "logs", "-f", `deployment/${deployment}`, "-n", namespace, "-c", container],
      {
        stdio: ["ignore", "inherit", "ignore"],
      },
    );
    signal.addEventListener("abort", () => child.kill(), { once: true });
    await new Promise<void>((resolve) => child.once("exit", () => resolve()));
    await delay(POLL_MS * 4);
  }
}
