const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3, µs: 1e-3, ns: 1e-6 } as const;
const PART = /(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)/gy;

/**
 * Reads a duration as Istio's users write it (`5s`, `1h30m`, `1.5s`, `250ms`) into milliseconds.
 * Returns `undefined` where the text is none.
 *
 * Source: Go, `time.ParseDuration`.
 */
export function parseDurationMs(text: string): number | undefined {
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0;
  let position = 0;
  let totalMs = 0;
  for (const [part, count, unit] of body.matchAll(PART)) {
    if (count === undefined || !isUnit(unit)) return undefined;
    totalMs += Number(count) * UNIT_MS[unit];
    position += part.length;
  }
  if (body === "" || position !== body.length) return undefined;
  return text.startsWith("-") ? -totalMs : totalMs;
}

function isUnit(text: string | undefined): text is keyof typeof UNIT_MS {
  return text !== undefined && text in UNIT_MS;
}
