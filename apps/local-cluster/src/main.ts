import { messageOf } from "@bookmesh/kernel";
import { jsonLogger, stopOnSignals } from "@bookmesh/node-host";
import { bringUpPlatform, stepLine } from "./bring-up-platform.ts";
import { endOnUncaught } from "./end-on-uncaught.ts";
import { readCommandLine } from "./options.ts";
import { startLocalCluster } from "./start-local-cluster.ts";

const shutdown = stopOnSignals();
const logger = jsonLogger("local-cluster");
logger.level = process.env["LOG_LEVEL"] ?? "warn"; // the terminal belongs to the steps
const print = (line: string) => void process.stdout.write(`${line}\n`);
// A terminal that is gone is no reason to end.
for (const output of [process.stdout, process.stderr]) output.on("error", () => undefined);

try {
  const options = readCommandLine(process.argv.slice(2), process.env);
  const startedAtMs = performance.now();
  const cluster = await startLocalCluster(options, logger);
  endOnUncaught(() => cluster.stop());
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
  if (!shutdown.signal.aborted) process.stderr.write(`${messageOf(error)}\n`);
  process.exit(shutdown.signal.aborted ? 0 : 1);
}
