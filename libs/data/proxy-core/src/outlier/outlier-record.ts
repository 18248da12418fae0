import type { OutlierKind } from "./outlier-policy.ts";

/** What outlier detection knows of one host. */
export class OutlierRecord {
  /** Failures in a row. */
  readonly inARow: Record<OutlierKind, number> = { gatewayErrors: 0, serverErrors: 0, localFailures: 0 };
  isEjected = false;
  /** Back from an ejection, without a success yet. */
  isOnTrial = false;
  ejectedAtMs = 0;
  jitterMs = 0;
  /** Base times that the present ejection lasts, or the last one did; it falls while the host is healthy. */
  multiplier = 0;
  /** In the host's whole life. */
  ejections = 0;

  /** A success changes something: the one question that every answer asks. */
  get isSuspect(): boolean {
    return this.isOnTrial || this.inARow.serverErrors + this.inARow.gatewayErrors > 0;
  }

  /** A circuit breaker's words: *open* is ejected, *half-open* is back without a success yet. */
  get state(): "closed" | "half-open" | "open" {
    if (this.isEjected) return "open";
    return this.isOnTrial ? "half-open" : "closed";
  }
}
