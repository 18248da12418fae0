import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { homeDirectory, runningCluster } from "./running-cluster.ts";
import { ROOT } from "./served-app.ts";
import { bundle, watchBundle } from "./watch-bundle.ts";

const POLL_MS = 500;

/**
 * Starts the local cluster and restarts it, on its state, when its source changes; or attaches to the one that runs
 * and ends with it.
 */
export async function serveCluster(signal: AbortSignal): Promise<void> {
  const home = homeDirectory();
  if (runningCluster(home) !== undefined) {
    process.stdout.write(`Attached to the local cluster that runs on ${home}.\n`);
    while (!signal.aborted && runningCluster(home) !== undefined) await delay(POLL_MS);
    return;
  }
  if (!(await bundle()))
    throw new Error("The programs of the mesh could not be bundled; the reason stands above.");
  let cluster: ChildProcess | undefined;
  const restart = async () => {
    if (cluster) await stop(cluster);
    if (!signal.aborted)
      cluster = spawn(process.execPath, [join(ROOT, "dist/local-cluster.mjs"), "--empty"], {
        stdio: "inherit",
      });
  };
  await watchBundle("local-cluster", { signal, onBuilt: restart });
  if (cluster) await stop(cluster);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  await ended;
}
