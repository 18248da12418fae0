/**
 * Runs the differential suite: the same commands against a local cluster of its own and a real cluster, outcomes compared.
 *
 * Usage: npm run e2e:differential -- --kubeconfig FILE [--grep TITLE]
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const { values } = parseArgs({ options: { kubeconfig: { type: "string" }, grep: { type: "string" } } });
if (values.kubeconfig === undefined) {
  process.stdout.write("Skipped: there is no cluster to compare with; name one with --kubeconfig FILE.\n");
  process.exit(0);
}
const { status } = spawnSync(
  join(root, "node_modules/.bin/vitest"),
  [
    "run",
    "--config",
    "e2e/differential/vitest.config.ts",
    ...(values.grep === undefined ? [] : ["-t", values.grep]),
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, KUBECONFIG: resolve(values.kubeconfig) },
  },
);
process.exit(status ?? 1);
