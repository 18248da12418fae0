import { jsonLogger, stopOnSignals } from "@bookmesh/node-host";
import { bringUpPlatform, stepLine } from "./bring-up-platform.ts";
import { readCommandLine } from "./options.ts";
import { startLocalCluster } from "./start-local-cluster.ts";

const shutdown = stopOnSignals();
const logger = jsonLogger("local-cluster");
logger.level = process.env["LOG_LEVEL"] ?? "warn"; // the terminal belongs to the steps
const print = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const options = readCommandLine(process.argv.slice(2), process.env);
  const startedAtMs = performance.now();
  const cluster = await startLocalCluster(options, logger);
  print(stepLine(`local cluster at ${cluster.address}:${cluster.port}`, performance.now() - startedAtMs));
  try {
    if (options.empty) print(`\nThe local cluster is ready\n\n  export KUBECONFIG=${cluster.kubeconfig}`);
    else await bringUpPlatform({ ...cluster, ...options, signal: shutdown.signal, print });
    await shutdown.requested;
  } finally {
    await cluster.stop();
  }
  process.exit(0);
} catch (error) {
  if (!shutdown.signal.aborted)
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(shutdown.signal.aborted ? 0 : 1);
}
