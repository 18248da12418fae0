import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { FULL_PLAN, SHORT_PLAN } from "./bench-plan.ts";
import {
  compareControlPlanes,
  FULL_CONTROL_PLANE_PLAN,
  SHORT_CONTROL_PLANE_PLAN,
} from "./control-plane/compare.ts";
import { controlPlaneMarkdown } from "./control-plane/control-plane-report.ts";
import { freePorts } from "./free-ports.ts";
import { measureRedirection } from "./redirection.ts";
import { compare, markdown, redirectionReport } from "./report.ts";
import { runRounds } from "./rounds.ts";
import { startSubjects } from "./subjects.ts";

/**
 * `npm run bench [-- --short] [--json FILE] [--only proxies|redirect|control-plane]`: the sidecar's data path beside other
 * proxies, and redirected beside asked as a forward proxy; the control plane beside istiod.
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
const PARTS = ["redirect", "proxies", "control-plane"] as const;
if (options.only !== undefined && !PARTS.some((part) => part === options.only))
  throw new Error(`There is no benchmark ${options.only}; there are: ${PARTS.join(", ")}.`);
const isAsked = (part: (typeof PARTS)[number]) => options.only === undefined || options.only === part;
if (isAsked("redirect")) say(redirectionReport(await measureRedirection(plan)));
if (isAsked("proxies")) await compareProxies();
if (isAsked("control-plane")) await reportControlPlanes();

async function reportControlPlanes(): Promise<void> {
  const controlPlanePlan = options.short ? SHORT_CONTROL_PLANE_PLAN : FULL_CONTROL_PLANE_PLAN;
  const comparison = await compareControlPlanes(controlPlanePlan, say);
  writePage("control-plane.md", controlPlaneMarkdown(comparison, { ...facts(), plan: controlPlanePlan }));
}

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
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
    writePage("latest.md", markdown(rows, { ...facts(), plan, missing: bench.missing }));
  } finally {
    for (const { process: running } of bench.subjects) running.stop();
    bench.backend.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How, and when, a page is made. */
function facts(): { readonly command: string; readonly date: string } {
  const words = [...(options.short ? ["--short"] : []), ...(options.only ? [`--only ${options.only}`] : [])];
  const command = ["npm run bench", ...(words.length > 0 ? ["--", ...words] : [])].join(" ");
  return { command, date: new Date().toISOString().slice(0, 10) };
}

function writePage(name: string, page: string): void {
  const pages = new URL("../../../docs/benchmarks/", import.meta.url).pathname;
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, name), page);
  say(page);
}
