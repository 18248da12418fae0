const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How precisely a duration is told: below `belowMs` in `unit`s, with `rest` behind it where that is not zero. */
interface Precision {
  readonly belowMs: number;
  readonly unit: readonly [ms: number, letter: string];
  readonly rest?: readonly [ms: number, letter: string];
}

const PRECISIONS: readonly Precision[] = [
  { belowMs: 2 * MINUTE, unit: [SECOND, "s"] },
  { belowMs: 10 * MINUTE, unit: [MINUTE, "m"], rest: [SECOND, "s"] },
  { belowMs: 3 * HOUR, unit: [MINUTE, "m"] },
  { belowMs: 8 * HOUR, unit: [HOUR, "h"], rest: [MINUTE, "m"] },
  { belowMs: 2 * DAY, unit: [HOUR, "h"] },
  { belowMs: 8 * DAY, unit: [DAY, "d"], rest: [HOUR, "h"] },
  { belowMs: 2 * YEAR, unit: [DAY, "d"] },
  { belowMs: 8 * YEAR, unit: [YEAR, "y"], rest: [DAY, "d"] },
  { belowMs: Number.POSITIVE_INFINITY, unit: [YEAR, "y"] },
];

/** A duration as `kubectl get` shows ages: `90s`, `5m3s`, `17h`, `3d4h`. Source: Kubernetes, `duration.HumanDuration`. */
export function humanDuration(durationMs: number): string {
  if (durationMs <= -2 * SECOND) return "<invalid>";
  const positiveMs = Math.max(0, durationMs);
  const precision = PRECISIONS.find(({ belowMs }) => positiveMs < belowMs);
  if (precision === undefined) return "<invalid>";
  const [unitMs, letter] = precision.unit;
  const whole = `${Math.floor(positiveMs / unitMs)}${letter}`;
  if (precision.rest === undefined) return whole;
  const [restMs, restLetter] = precision.rest;
  const rest = Math.floor((positiveMs % unitMs) / restMs);
  return rest === 0 ? whole : `${whole}${rest}${restLetter}`;
}

/** The time since a timestamp; `<unknown>` where there is none. */
export function humanAge(timestamp: unknown, nowMs: number): string {
  const sinceMs = typeof timestamp === "string" ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(sinceMs) ? "<unknown>" : humanDuration(nowMs - sinceMs);
}
