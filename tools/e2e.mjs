/**
 * Runs the stories on a target.
 *
 * Usage: npm run e2e -- [--target laptop] [--grep TITLE]
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "..");
const TARGETS = ["laptop"];

const { values } = parseArgs({
  options: { target: { type: "string", default: "laptop" }, grep: { type: "string" } },
});
if (!TARGETS.includes(values.target)) {
  process.stderr.write(`There is no target "${values.target}"; there is: ${TARGETS.join(", ")}.\n`);
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
  { cwd: root, stdio: "inherit" },
);
process.exit(status ?? 1);
