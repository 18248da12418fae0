import type { BenchPlan } from "./bench-plan.ts";
import { localTarget, pace, saturate } from "./load.ts";
import { cpuMicroseconds, residentMegabytes } from "./process-figures.ts";
import type { Scenario, Subject } from "./subjects.ts";

/** What is measured; the unit stands in the name. */
export type Metric = "cpu_us_per_request" | "requests_per_second" | "rss_mb" | "p50_us" | "p99_us";

/** One figure of one round. */
export interface Sample {
  readonly subject: Subject["name"];
  readonly scenario: Scenario;
  readonly metric: Metric;
  readonly value: number;
}

const SCENARIOS: readonly Scenario[] = ["plain", "access-log"];

/**
 * Measures all subjects in turn, round after round, so that what else the machine does falls on all of them alike.
 * A first round warms up and is thrown away.
 */
export async function runRounds(
  subjects: readonly Subject[],
  plan: BenchPlan,
  onRound: (round: number) => void,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let round = 0; round <= plan.rounds; round++) {
    onRound(round);
    const turns = SCENARIOS.flatMap((scenario) => subjects.map((subject) => ({ scenario, subject })));
    for (const { scenario, subject } of turns) {
      const measured = await measure(subject, scenario, plan);
      if (round > 0) samples.push(...measured);
    }
  }
  return samples;
}

async function measure(subject: Subject, scenario: Scenario, plan: BenchPlan): Promise<readonly Sample[]> {
  const port = subject.ports[scenario];
  if (port === undefined) return [];
  const { pid } = subject.process;
  const before = cpuMicroseconds(pid);
  const target = localTarget(port);
  const requests = await saturate(target, plan);
  const cpu = cpuMicroseconds(pid) - before;
  const paced = await pace(target, plan);
  const figures: Readonly<Record<Metric, number>> = {
    cpu_us_per_request: cpu / requests,
    requests_per_second: requests / plan.secondsPerRound,
    rss_mb: residentMegabytes(pid),
    p50_us: paced.p50,
    p99_us: paced.p99,
  };
  return METRICS.map((metric) => ({ subject: subject.name, scenario, metric, value: figures[metric] }));
}

/** In the order of the table. */
export const METRICS: readonly Metric[] = [
  "cpu_us_per_request",
  "requests_per_second",
  "rss_mb",
  "p50_us",
  "p99_us",
];
