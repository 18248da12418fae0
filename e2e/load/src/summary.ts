/** What k6 hands to `handleSummary`, as far as a summary tells it. */
export interface K6Summary {
  readonly metrics: Readonly<Record<string, K6Metric>>;
}

interface K6Metric {
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** A summary that a person reads: what was asked, how it went, and which thresholds hold. */
export function tellSummary(
  { metrics }: K6Summary,
  more: readonly (readonly [name: string, value: number])[],
): string {
  const value = (metric: string, name: string) => metrics[metric]?.values[name] ?? 0;
  const rows: readonly (readonly [string, string])[] = [
    ["requests", count(value("http_reqs", "count"))],
    ["failed", count(value("http_req_failed", "passes"))],
    ["a second", value("http_reqs", "rate").toFixed(1)],
    ["p50 / p95 / slowest", quantiles(metrics["http_req_duration"])],
    ["ratings of version 1", count(value("ratings_of_version_1", "count"))],
    ["ratings of version 2", count(value("ratings_of_version_2", "count"))],
    ["left out (no reader free)", count(value("dropped_iterations", "count"))],
    ...more.map(([name, figure]) => [name, count(figure)] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    "",
    ...thresholdsOf(metrics).map(({ rule, ok }) => `  ${ok ? "✔" : "✘"} ${rule}`),
  ].join("\n");
}

function thresholdsOf(metrics: K6Summary["metrics"]) {
  return Object.entries(metrics).flatMap(([metric, { thresholds = {} }]) =>
    Object.entries(thresholds).map(([condition, { ok }]) => ({ rule: `${metric}: ${condition}`, ok })),
  );
}

function quantiles(duration: K6Metric | undefined): string {
  const { med = 0, "p(95)": p95 = 0, max = 0 } = duration?.values ?? {};
  return [med, p95, max].map((ms) => `${ms.toFixed(1)} ms`).join(" / ");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
