import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FULL_PLAN, SHORT_PLAN } from "./bench-plan.ts";
import { freePorts } from "./free-ports.ts";
import { measureRedirection } from "./redirection.ts";
import { compare, markdown, redirectionReport } from "./report.ts";
import { runRounds } from "./rounds.ts";
import { startSubjects } from "./subjects.ts";

/**
 * `npm run bench [-- --short] [--json FILE] [--only proxies|redirect]`: the sidecar's data path beside other proxies, and
 * redirected beside asked as a forward proxy.
 */
const { values: options } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    json: { type: "string" },
    only: { type: "string" },
  },
});
const plan = options.short ? SHORT_PLAN : FULL_PLAN;
const say = (text: string) => process.stdout.write(`${text}\n`);
if (options.only !== undefined && !["proxies", "redirect"].includes(options.only))
  throw new Error(`There is no benchmark ${options.only}; there are: proxies, redirect.`);
if (options.only !== "proxies") say(redirectionReport(await measureRedirection(plan)));
if (options.only !== "redirect") await compareProxies();

async function compareProxies(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bookmesh-bench-"));
  const ports = await freePorts();
  const bench = await startSubjects(folder, ports);
  for (const sentence of bench.missing) say(`Left out: ${sentence}.`);

  try {
    const samples = await runRounds(bench.subjects, plan, (round) => {
      say(round === 0 ? "Warming up" : `Round ${round} of ${plan.rounds}`);
    });
    const rows = compare(samples);
    const command = `npm run bench${options.short ? " -- --short" : ""}`;
    const page = markdown(rows, {
      command,
      plan,
      missing: bench.missing,
      date: new Date().toISOString().slice(0, 10),
    });
    const pages = new URL("../../../docs/benchmarks/", import.meta.url).pathname;
    mkdirSync(pages, { recursive: true });
    writeFileSync(join(pages, "latest.md"), page);
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
    say(page);
  } finally {
    for (const { process: running } of bench.subjects) running.stop();
    bench.backend.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
