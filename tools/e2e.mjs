/**
 * Runs the stories on a target.
 *
 * Usage: npm run e2e -- [--target laptop | kubernetes | kind] [--kubeconfig FILE] [--grep TITLE]
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const TARGETS = ["laptop", "kubernetes", "kind"];

const { values } = parseArgs({
  options: {
    target: { type: "string", default: "laptop" },
    kubeconfig: { type: "string" },
    grep: { type: "string" },
  },
});
if (!TARGETS.includes(values.target)) {
  process.stderr.write(`There is no target "${values.target}"; there are: ${TARGETS.join(", ")}.\n`);
  process.exit(2);
}
const { status } = spawnSync(
  join(root, "node_modules/.bin/vitest"),
  [
    "run",
    "--config",
    "e2e/stories/vitest.config.ts",
    ...(values.grep === undefined ? [] : ["-t", values.grep]),
  ],
  {
    cwd: root,
    stdio: "inherit",
    env: {
      ...process.env,
      E2E_TARGET: values.target,
      ...(values.kubeconfig !== undefined && { KUBECONFIG: resolve(values.kubeconfig) }),
    },
  },
);
process.exit(status ?? 1);
