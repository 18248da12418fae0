import { cpus, release } from "node:os";
import type { BenchPlan } from "./bench-plan.ts";
import type { RedirectionFigures } from "./redirection.ts";
import { median } from "./median.ts";
import { METRICS, type Metric, type Sample } from "./rounds.ts";
import type { Peer, Scenario } from "./subjects.ts";

/** One comparison, as `--json` writes it. */
export interface BenchRow {
  readonly scenario: Scenario;
  readonly metric: Metric;
  readonly subject: "bookmesh";
  readonly value: number;
  readonly peer: Peer;
  readonly peerValue: number;
  /** Value by peer's value. */
  readonly ratio: number;
}

const SCENARIOS: readonly Scenario[] = ["plain", "access-log"];
const MAX_REDIRECTION_RATIO = 1.15;
const PEERS: readonly Peer[] = ["nginx", "haproxy", "envoy", "http-proxy"];

/** The medians, and bookmesh's ratio to each peer that was there. */
export function compare(samples: readonly Sample[]): readonly BenchRow[] {
  const cases = SCENARIOS.flatMap((scenario) => METRICS.map((metric) => ({ scenario, metric })));
  return cases.flatMap(({ scenario, metric }) => {
    const medianOf = (subject: Sample["subject"]) =>
      median(
        samples
          .filter((one) => one.subject === subject && one.scenario === scenario && one.metric === metric)
          .map((sample) => sample.value),
      );
    const value = medianOf("bookmesh");
    return PEERS.flatMap((peer): readonly BenchRow[] => {
      const peerValue = medianOf(peer);
      if (value === undefined || peerValue === undefined) return [];
      return [{ scenario, metric, subject: "bookmesh", value, peer, peerValue, ratio: value / peerValue }];
    });
  });
}

/** The page `docs/benchmarks/latest.md`. */
export function markdown(rows: readonly BenchRow[], { command, plan, missing, date }: ReportFacts): string {
  const line = ({ scenario, metric, value, peer, peerValue, ratio }: BenchRow) =>
    `| ${scenario} | ${metric} | ${round(value)} | ${peer} | ${round(peerValue)} | ${ratio.toFixed(2)} |`;
  return `# Benchmark of the sidecar's data path

Made by \`${command}\` on ${date}: ${plan.rounds} interleaved rounds of ${plan.secondsPerRound} s, medians.
${cpus().length} × ${cpus()[0]?.model ?? "unknown CPU"}, Linux ${release()}, Node ${process.version}; each proxy pinned to one core.
Keep-alive on both sides, ${plan.connections} connections, request heads of about 700 bytes, a short JSON answer. p50 and p99 at ${plan.ratePerSecond} requests a second over ${plan.pacedConnections} connections.
The figures of one machine at one time say little; the ratios are what counts.
${missing.map((sentence) => `\nLeft out: ${sentence}.`).join("")}
| scenario | metric | bookmesh | peer | its value | ratio |
|---|---|---|---|---|---|
${rows.map(line).join("\n")}
`;
}

/** What redirection costs, in a sentence; the bar is 15 % more. */
export function redirectionReport(figures: RedirectionFigures | undefined): string {
  if (!figures) return "Redirection was skipped: it needs root, ip, iptables and network namespaces.";
  const { explicitUs, redirectedUs, ratio } = figures;
  const verdict = ratio <= MAX_REDIRECTION_RATIO ? "within" : "over";
  return `Redirection: ${round(redirectedUs)} µs of CPU a request, as a forward proxy ${round(explicitUs)} µs: ratio ${ratio.toFixed(2)}, ${verdict} the bar of ${MAX_REDIRECTION_RATIO}.`;
}

/** What the page says about how it was made. */
export interface ReportFacts {
  readonly command: string;
  readonly plan: BenchPlan;
  readonly missing: readonly string[];
  readonly date: string;
}

function round(value: number): string {
  return value >= 1_000 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}
