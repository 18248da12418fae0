import type { Random } from "@bookmesh/kernel";
import type { Host } from "../host.ts";
import { OUTLIER_KINDS, type OutlierKind, type OutlierPolicy } from "./outlier-policy.ts";

/** What a try without an answer counts as where such failures are not counted apart. */
const LOCAL_FAILURE_STATUS = 503;

/** What a detector has found and done so far; the numbers only grow. */
export interface OutlierCounts {
  readonly detected: Record<OutlierKind, number>;
  readonly enforced: Record<OutlierKind, number>;
  /** Ejections that did not happen because too many hosts are out already. */
  overflows: number;
}

/**
 * Takes hosts that keep failing out of their cluster, and lets them return: the mesh's circuit breaker. Time comes
 * with each call, in milliseconds of one monotonic clock.
 *
 * Source: Envoy, "Outlier detection", `DetectorImpl`.
 */
export class OutlierDetector {
  readonly counts: OutlierCounts = { detected: nothing(), enforced: nothing(), overflows: 0 };
  /** Grows whenever a host is ejected or returns. */
  version = 0;
  readonly #random: Random;
  #policy: OutlierPolicy | undefined;
  #hosts: readonly Host[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Goes on with these rules and hosts; without rules all hosts return. */
  follow(policy: OutlierPolicy | undefined, hosts: readonly Host[]): void {
    this.#policy = policy;
    this.#hosts = hosts;
    if (policy) return;
    for (const host of hosts) if (host.outlier.isEjected) this.#restore(host);
  }

  get policy(): OutlierPolicy | undefined {
    return this.#policy;
  }

  /** Hosts that are out now. */
  get ejected(): number {
    return this.#hosts.filter((host) => host.outlier.isEjected).length;
  }

  /** `sweep` would change something, now or later. */
  get needsSweep(): boolean {
    return this.#policy !== undefined && this.#hosts.some(({ outlier }) => outlier.multiplier > 0);
  }

  /** An answer other than a 5xx has come. */
  onSuccess({ outlier }: Host): void {
    if (!outlier.isSuspect) return;
    outlier.isOnTrial = false;
    outlier.inARow.serverErrors = 0;
    outlier.inARow.gatewayErrors = 0;
  }

  /** A 5xx has come. Returns true if that got the host ejected. */
  onServerError(host: Host, status: number, nowMs: number): boolean {
    if (status < 502 || status > 504) host.outlier.inARow.gatewayErrors = 0;
    else if (this.#count(host, "gatewayErrors", nowMs)) {
      host.outlier.inARow.serverErrors++;
      return true;
    }
    return this.#count(host, "serverErrors", nowMs);
  }

  /** A try has ended without an answer. Returns true if that got the host ejected. */
  onLocalFailure(host: Host, nowMs: number): boolean {
    return this.#policy?.countsLocalFailuresApart
      ? this.#count(host, "localFailures", nowMs)
      : this.onServerError(host, LOCAL_FAILURE_STATUS, nowMs);
  }

  /** The host has taken a connection. */
  onConnected({ outlier }: Host): void {
    outlier.inARow.localFailures = 0;
  }

  /** To be called each `intervalMs`, as long as `needsSweep`: hosts whose time is over return. */
  sweep(nowMs: number): void {
    if (!this.#policy) return;
    for (const host of this.#hosts) {
      const { outlier } = host;
      if (!outlier.isEjected) outlier.multiplier = Math.max(0, outlier.multiplier - 1);
      else if (this.remainingMs(host, nowMs) <= 0) this.#restore(host);
    }
  }

  /** How long an ejected host is still out; it returns with the first sweep from then on. */
  remainingMs({ outlier }: Host, nowMs: number): number {
    if (!this.#policy || !outlier.isEjected) return 0;
    const { baseEjectionMs, maxEjectionMs } = this.#policy;
    const lengthMs = Math.min(baseEjectionMs * outlier.multiplier, maxEjectionMs) + outlier.jitterMs;
    return Math.max(0, outlier.ejectedAtMs + lengthMs - nowMs);
  }

  /** One more failure of a kind; the last one that it takes starts the count anew. */
  #count(host: Host, kind: OutlierKind, nowMs: number): boolean {
    const { inARow, isEjected } = host.outlier;
    inARow[kind]++;
    const enough = this.#policy?.thresholds[kind].inARow ?? 0;
    if (enough === 0 || inARow[kind] < enough || isEjected || !host.isMember) return false;
    this.counts.detected[kind]++;
    inARow[kind] = 0;
    return this.#eject(host, kind, nowMs);
  }

  #eject(host: Host, kind: OutlierKind, nowMs: number): boolean {
    const policy = this.#policy;
    if (!policy) return false;
    const { ejected } = this;
    const isWithinShare = (100 * (ejected + 1)) / this.#hosts.length <= policy.maxEjectionPercent;
    if (!isWithinShare && !(policy.alwaysEjectsOne && ejected === 0)) {
      this.counts.overflows++;
      return false;
    }
    if (this.#random() * 100 >= policy.thresholds[kind].enforcedPercent) return false;
    const { outlier } = host;
    outlier.isEjected = true;
    outlier.isOnTrial = false;
    outlier.ejections++;
    outlier.ejectedAtMs = nowMs;
    outlier.jitterMs = this.#random() * policy.maxJitterMs;
    if (outlier.multiplier * policy.baseEjectionMs < policy.maxEjectionMs + policy.baseEjectionMs)
      outlier.multiplier++;
    this.counts.enforced[kind]++;
    this.version++;
    return true;
  }

  #restore({ outlier }: Host): void {
    outlier.isEjected = false;
    outlier.isOnTrial = true;
    for (const kind of OUTLIER_KINDS) outlier.inARow[kind] = 0;
    this.version++;
  }
}

function nothing(): Record<OutlierKind, number> {
  return { gatewayErrors: 0, serverErrors: 0, localFailures: 0 };
}
