/**
 * Says whether the generated files are what their generators make today: runs each generator and asks git whether
 * anything changed. Needs no network. `kube-schemas.mjs` is not among them: it reads what an API server answers.
 *
 * Usage: node tools/generate/check.mjs
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const GENERATORS = [
  { script: "tools/generate/xds.mjs", output: "libs/contract/xds-api/src/generated" },
  { script: "tools/generate/crds.mjs", output: "deploy/crds" },
  { script: "tools/generate/chart.mjs", output: "deploy/charts" },
];

const stale = GENERATORS.filter(({ script, output }) => {
  execFileSync(process.execPath, [join(root, script)], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  return execFileSync("git", ["status", "--porcelain", "--", output], { cwd: root, encoding: "utf8" }) !== "";
});
for (const { script, output } of stale) {
  process.stderr.write(`${output} is not what ${script} makes: run it and commit the result.\n`);
}
process.exit(stale.length > 0 ? 1 : 0);
