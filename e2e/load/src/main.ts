import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { TARGETS } from "@bookmesh/stories/platform";
import { run } from "@bookmesh/stories/run";
import { startPlatform } from "@bookmesh/stories/start-platform";
import { deployWorld, withoutRules, type LoadWorld } from "./load-world.ts";
import { LOADS, purposeOf, type Load } from "./loads.ts";
import { tellSummary, type K6Summary } from "./summary.ts";

const K6_TIMEOUT_MS = 300_000;
/** k6's own code for a threshold that does not hold. */
const THRESHOLDS_CROSSED = 99;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { target: { type: "string", default: "laptop" }, kubeconfig: { type: "string" } },
});
const [name = ""] = positionals;
const load = LOADS[name];
const target = TARGETS.find((known) => known === values.target);
if (values.kubeconfig !== undefined) process.env["KUBECONFIG"] = values.kubeconfig;

if (load === undefined || target === undefined) {
  const known = Object.keys(LOADS).map((script) => `  ${script.padEnd(8)}${purposeOf(script)}\n`);
  process.stderr.write(
    `There is no load "${name}" on "${values.target}"; there are:\n${known.join("")}Usage: npm run load -- NAME [--target ${TARGETS.join(" | ")}] [--kubeconfig FILE]\n`,
  );
  process.exit(2);
}
if ((await run("k6", ["version"])).code !== 0) {
  process.stderr.write(
    "There is no k6 on the path. Get it from https://grafana.com/docs/k6/latest/set-up/install-k6/, or with Go: go install go.k6.io/k6@v1.8.1\n",
  );
  process.exit(2);
}
const platform = await startPlatform(target);
try {
  const world = await deployWorld(platform);
  process.exitCode = await runLoad(name, load, world);
} finally {
  await platform.stop();
}

async function runLoad(script: string, { story, prepare, during, figures }: Load, world: LoadWorld) {
  const folder = mkdtempSync(join(tmpdir(), "bookmesh-load-"));
  const summaryFile = join(folder, "summary.json");
  try {
    await prepare(world);
    const env = {
      ...process.env,
      ...{ BASE_URL: world.baseUrl, SUMMARY_FILE: summaryFile, K6_NO_USAGE_REPORT: "true" },
    };
    const source = join(import.meta.dirname, "scripts", `${script}.ts`);
    const [{ code, stderr }] = await Promise.all([
      run("k6", ["run", "--quiet", source], { env, timeoutMs: K6_TIMEOUT_MS }),
      during(world),
    ]);
    if (code !== 0 && code !== THRESHOLDS_CROSSED) throw new Error(`k6 ended with ${code}:\n${stderr}`);
    const more = await figures(world);
    await withoutRules(world.bookmesh);
    const summary = JSON.parse(readFileSync(summaryFile, "utf8")) as K6Summary; // k6's own form
    process.stdout.write(`${story}\n\n${tellSummary(summary, more)}\n`);
    return code === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
