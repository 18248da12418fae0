import { cpus, release } from "node:os";
import type { ControlPlaneComparison } from "./compare.ts";
import type { ControlPlaneMetric, ControlPlanePlan } from "./measure.ts";

/** A line of the table: what is compared, and how much of istiod's it may be. */
interface Bar {
  readonly metric: ControlPlaneMetric | "analysis";
  readonly title: string;
  readonly unit: string;
  /** At most so much of istiod's; absent where nothing is promised. */
  readonly maxRatio?: number;
  /** At most so much whatever istiod needs. */
  readonly max?: number;
}

const BARS: readonly Bar[] = [
  { metric: "start_to_first_set_cpu_ms", title: "start to the first set: CPU", unit: "ms", maxRatio: 0.8 },
  { metric: "start_to_first_set_ms", title: "start to the first set: time", unit: "ms" },
  { metric: "first_set_cpu_ms", title: "the first set alone: CPU", unit: "ms", maxRatio: 0.8 },
  {
    metric: "further_proxy_cpu_ms",
    title: "each further proxy of an equal view: CPU",
    unit: "ms",
    maxRatio: 0.1,
  },
  {
    metric: "route_change_cpu_ms_per_proxy",
    title: "a route changed: CPU a proxy",
    unit: "ms",
    maxRatio: 0.1,
  },
  {
    metric: "route_change_to_last_proxy_ms",
    title: "a route changed: the last proxy has it",
    unit: "ms",
    max: 1_000,
  },
  {
    metric: "endpoint_change_cpu_ms_per_proxy",
    title: "an endpoint changed: CPU a proxy",
    unit: "ms",
    maxRatio: 0.5,
  },
  {
    metric: "endpoint_change_to_last_proxy_ms",
    title: "an endpoint changed: the last proxy has it",
    unit: "ms",
  },
  { metric: "base_rss_mb", title: "resident memory with one proxy", unit: "MB", maxRatio: 0.8 },
  { metric: "rss_mb_per_proxy", title: "memory of each further proxy", unit: "MB", maxRatio: 0.3 },
  { metric: "analysis", title: "`analyze` of the mesh's documents: CPU", unit: "ms", maxRatio: 1.5 },
];

/** What the page says about how it was made. */
export interface ControlPlaneReportFacts {
  readonly command: string;
  readonly plan: ControlPlanePlan;
  readonly date: string;
}

/** The page `docs/benchmarks/control-plane.md`. */
export function controlPlaneMarkdown(
  comparison: ControlPlaneComparison,
  { command, plan, date }: ControlPlaneReportFacts,
): string {
  return `# Benchmark of the control plane

Made by \`${command}\` on ${date}: ${plan.rounds === 1 ? "one life" : `medians of ${plan.rounds} lives`} of each control plane, in turn.
${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, Linux ${release()}, Node ${process.version}; the control plane pinned to one core, API and proxies to the other.
One API holds ${plan.services} services in 10 namespaces, each with two subsets of two pods, a DestinationRule and a VirtualService that shares 75 to 25. Up to ${plan.proxies} proxies connect by plaintext ADS, state of the world; an object is changed ${plan.changes} times.
CPU is that of all threads until the process is at rest, garbage collection included. The figures of one machine at one time say little; the ratios are what counts.
${leftOut(comparison)}
| | bookmesh | istiod | ratio | must be | |
|---|---|---|---|---|---|
${BARS.map((bar) => line(bar, comparison)).join("\n")}
`;
}

function leftOut({ istiod, analysis }: ControlPlaneComparison): string {
  const missing = [
    ...(istiod ? [] : ["pilot-discovery, istiod's program,"]),
    ...(analysis.istioctl === undefined ? ["istioctl"] : []),
  ];
  return missing.map((program) => `\nLeft out: ${program} is not on the path.\n`).join("");
}

function line({ metric, title, unit, maxRatio, max }: Bar, comparison: ControlPlaneComparison): string {
  const { bookmesh, istiod, analysis } = comparison;
  const [value, peer] =
    metric === "analysis" ? [analysis.bookmesh, analysis.istioctl] : [bookmesh[metric], istiod?.[metric]];
  const ratio = peer === undefined ? undefined : value / peer;
  const bars = [
    ...(maxRatio === undefined
      ? []
      : [{ text: `≤ ${maxRatio}`, holds: ratio === undefined || ratio <= maxRatio }]),
    ...(max === undefined ? [] : [{ text: `≤ ${max} ${unit}`, holds: value <= max }]),
  ];
  const verdict = bars.length === 0 || (ratio === undefined && max === undefined) ? "" : verdictOf(bars);
  const cells = [
    title,
    figure(value, unit),
    figure(peer, unit),
    ratio?.toFixed(2) ?? "",
    texts(bars),
    verdict,
  ];
  return `| ${cells.join(" | ")} |`;
}

function verdictOf(bars: readonly { readonly holds: boolean }[]): string {
  return bars.every(({ holds }) => holds) ? "holds" : "over";
}

function texts(bars: readonly { readonly text: string }[]): string {
  return bars.map(({ text }) => text).join(", ");
}

function figure(value: number | undefined, unit: string): string {
  if (value === undefined) return "";
  return `${value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(2)} ${unit}`;
}
