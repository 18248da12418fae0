import type { DrainTimes } from "@bookmesh/traffic";

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_MINIMUM_MS = 5_000;

/** Kubernetes ends a pod after 30 s, unless it is told otherwise; the rest is for saying good-bye. */
const DEFAULT_MAXIMUM_MS = 25_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/**
 * Reads how long the sidecar goes on after it was told to stop, from Istio's variables: for
 * `MINIMUM_DRAIN_DURATION` (or `TERMINATION_DRAIN_DURATION_SECONDS`) in any case, then until its last connection has
 * gone, unless `EXIT_ON_ZERO_ACTIVE_CONNECTIONS` is `false`. Throws, naming the variable, where one cannot be used.
 */
export function readDrainTimes(env: Environment): DrainTimes {
  const minimumMs = readMinimumMs(env);
  const waits = env["EXIT_ON_ZERO_ACTIVE_CONNECTIONS"] !== "false";
  return { minimumMs, maximumMs: waits ? Math.max(minimumMs, DEFAULT_MAXIMUM_MS) : minimumMs };
}

function readMinimumMs(env: Environment): number {
  const duration = env["MINIMUM_DRAIN_DURATION"];
  if (duration !== undefined) {
    const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(duration) ?? [];
    if (amount === undefined)
      throw new Error(
        `MINIMUM_DRAIN_DURATION is ${JSON.stringify(duration)}; write a time as 500ms, 5s or 1m.`,
      );
    return Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  const seconds = env["TERMINATION_DRAIN_DURATION_SECONDS"];
  if (seconds === undefined) return DEFAULT_MINIMUM_MS;
  if (!/^\d+(\.\d+)?$/.test(seconds))
    throw new Error(
      `TERMINATION_DRAIN_DURATION_SECONDS is ${JSON.stringify(seconds)}; write a number of seconds.`,
    );
  return Number(seconds) * 1_000;
}
