/** What a host can be ejected for: failures of one kind in a row. */
export const OUTLIER_KINDS = ["gatewayErrors", "serverErrors", "localFailures"] as const;

/** One of `OUTLIER_KINDS`. */
export type OutlierKind = (typeof OUTLIER_KINDS)[number];

/** How many failures in a row it takes (0: no number does), and how often they then lead to an ejection. */
export interface OutlierThreshold {
  readonly inARow: number;
  readonly enforcedPercent: number;
}

/** When failing hosts are taken out, and for how long. Source: Envoy `OutlierDetection`. */
export interface OutlierPolicy {
  readonly thresholds: Readonly<Record<OutlierKind, OutlierThreshold>>;
  /** Failures to connect, resets and timeouts are counted apart; otherwise they count as answers 503 and 504. */
  readonly countsLocalFailuresApart: boolean;
  /** How often ejected hosts are looked at again. */
  readonly intervalMs: number;
  /** A host is out for this time as often as it has lately been ejected, … */
  readonly baseEjectionMs: number;
  /** … but never for longer than this, … */
  readonly maxEjectionMs: number;
  /** … plus a random part of this, so that the hosts do not all come back at once. */
  readonly maxJitterMs: number;
  /** Of all hosts, at the most. */
  readonly maxEjectionPercent: number;
  /** One host may be ejected even where that is a larger share. */
  readonly alwaysEjectsOne: boolean;
}
