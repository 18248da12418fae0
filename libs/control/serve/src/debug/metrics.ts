/** Labels of one time series. Keep their values few: each combination lives as long as the process. */
export type Labels = Readonly<Record<string, string>>;

/** A number that only grows. */
export interface Counter {
  add(labels?: Labels): void;
}

/** How often values fell below each bound. */
export interface Histogram {
  observe(value: number): void;
}

/** What a gauge is called. */
export interface GaugeSpec {
  readonly name: string;
  readonly help: string;
  readonly labels?: Labels;
}

/** The metrics of one process, in the order in which they were made. */
export interface Metrics {
  counter(name: string, help: string): Counter;
  /** A number that is asked for when somebody reads the metrics. */
  gauge(gauge: GaugeSpec, read: () => number): void;
  histogram(name: string, help: string, bounds: readonly number[]): Histogram;
  /** Prometheus' text format, 0.0.4. */
  render(): string;
}

interface Head {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
}

/** An empty set of metrics. */
export function metrics(): Metrics {
  const families: (() => readonly string[])[] = [];
  const family = (head: Head, samples: () => readonly string[]) =>
    families.push(() => [
      `# HELP ${head.name} ${head.help}`,
      `# TYPE ${head.name} ${head.type}`,
      ...samples(),
    ]);
  return {
    counter(name, help) {
      const values = new Map<string, number>();
      family({ name, type: "counter", help }, () =>
        [...values].map(([labels, value]) => `${name}${labels} ${value}`),
      );
      return {
        add(labels = {}) {
          const key = renderLabels(labels);
          values.set(key, (values.get(key) ?? 0) + 1);
        },
      };
    },
    gauge({ name, help, labels = {} }, read) {
      family({ name, type: "gauge", help }, () => [`${name}${renderLabels(labels)} ${read()}`]);
    },
    histogram(name, help, bounds) {
      const made = histogram(name, bounds);
      family({ name, type: "histogram", help }, made.samples);
      return made;
    },
    render: () => `${families.flatMap((render) => render()).join("\n")}\n`,
  };
}

function histogram(
  name: string,
  bounds: readonly number[],
): Histogram & { readonly samples: () => readonly string[] } {
  const counts = bounds.map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    observe(value) {
      count += 1;
      sum += value;
      bounds.forEach((bound, index) => {
        if (value <= bound) counts[index] = (counts[index] ?? 0) + 1;
      });
    },
    samples: () => [
      ...bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${counts[index] ?? 0}`),
      `${name}_bucket{le="+Inf"} ${count}`,
      `${name}_sum ${sum}`,
      `${name}_count ${count}`,
    ],
  };
}

function renderLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
