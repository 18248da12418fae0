/** What one run of the benchmark does. */
export interface BenchPlan {
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly connections: number;
  /** Requests a second of the latency rounds, over `pacedConnections`. */
  readonly ratePerSecond: number;
  readonly pacedConnections: number;
}

/** The run whose figures may be quoted. */
export const FULL_PLAN: BenchPlan = {
  rounds: 8,
  secondsPerRound: 3,
  connections: 64,
  ratePerSecond: 1_000,
  pacedConnections: 16,
};

/** A run that shows that the benchmark works, and roughly where the figures lie. */
export const SHORT_PLAN: BenchPlan = { ...FULL_PLAN, rounds: 3, secondsPerRound: 2 };

/** Where the parts of a run listen; free ports, found when it starts. */
export interface BenchPorts {
  readonly backend: number;
  readonly bookmeshPlain: number;
  readonly bookmeshLog: number;
  readonly nginxPlain: number;
  readonly nginxLog: number;
  readonly haproxyPlain: number;
  readonly haproxyLog: number;
  readonly envoyPlain: number;
  readonly envoyLog: number;
  readonly envoyAdmin: number;
  readonly httpProxy: number;
}

/** The path asked for. */
export const PATH = "/reviews/1";

/** A browser's request within a mesh: with request line and Host the head has about 700 bytes. */
export const REQUEST_FIELDS: readonly (readonly [name: string, value: string])[] = [
  [
    "User-Agent",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
  ],
  ["Accept", "application/json, text/plain, text/html;q=0.9, */*;q=0.8"],
  ["Accept-Encoding", "gzip, deflate, br"],
  ["Accept-Language", "en-GB,en;q=0.9,de;q=0.7"],
  ["Cookie", `session=8f14e45fceea167a5a36dedd4bea2543; theme=dark; seen=${"4bf92f3577b34da6".repeat(6)}`],
  ["traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
  ["end-user", "jason"],
  ["Cache-Control", "no-cache"],
];
