import { jsonLogger, stopOnSignals } from "@bookmesh/node-host";
import { messageOf } from "@bookmesh/kernel";
import { bringUpPlatform, stepLine } from "./bring-up-platform.ts";
import { endOnUncaught } from "./end-on-uncaught.ts";
import type { LocalClusterOptions } from "./options.ts";
import { startLocalCluster } from "./start-local-cluster.ts";

/** Runs a local cluster until somebody ends it; says how far it is. Resolves with the exit code. */
export async function runCluster(
  options: LocalClusterOptions & { readonly empty: boolean },
  networkLine: string,
): Promise<number> {
  const shutdown = stopOnSignals();
  const logger = jsonLogger("local-cluster");
  logger.level = process.env["LOG_LEVEL"] ?? "warn"; // the terminal belongs to the steps
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  // A terminal that is gone is no reason to end.
  for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);
  try {
    const startedAtMs = performance.now();
    const cluster = await startLocalCluster(options, logger);
    endOnUncaught(() => cluster.stop());
    print(stepLine(`local cluster at ${cluster.address}:${cluster.port}`, performance.now() - startedAtMs));
    print(`  ${networkLine}`);
    try {
      if (options.empty) print(`\nThe local cluster is ready\n\n  export KUBECONFIG=${cluster.kubeconfig}`);
      else await bringUpPlatform({ ...cluster, ...options, signal: shutdown.signal, print });
      await shutdown.requested;
    } finally {
      await cluster.stop();
    }
    return 0;
  } catch (error) {
    if (!shutdown.signal.aborted) process.stderr.write(`${messageOf(error)}\n`);
    return shutdown.signal.aborted ? 0 : 1;
  }
}
