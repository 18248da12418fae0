import { jsonLogger, stopOnSignals } from "@bookmesh/node-host";
import { readCommandLine } from "./options.ts";
import { startLocalCluster } from "./start-local-cluster.ts";

const shutdown = stopOnSignals();
const logger = jsonLogger("local-cluster");
logger.level = process.env["LOG_LEVEL"] ?? "warn"; // the terminal belongs to the steps

try {
  const options = readCommandLine(process.argv.slice(2), process.env);
  const cluster = await startLocalCluster(options, logger);
  process.stdout.write(`The local cluster is ready: https://${cluster.address}:${cluster.port}\n`);
  process.stdout.write(`KUBECONFIG=${cluster.kubeconfig}\n`);
  await shutdown.requested;
  await cluster.stop();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
