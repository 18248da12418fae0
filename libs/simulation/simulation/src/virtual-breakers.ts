import type { Cluster, Host } from "@bookmesh/proxy-core";
import type { OutlierDetector } from "@bookmesh/proxy-core/outlier";

/** Outlier detection in virtual time: it is told how tries end, and sweeps when its interval is over. */
export class VirtualBreakers {
  readonly #onEjected: (host: Host, nowMs: number) => void;
  readonly #nextSweepMs = new Map<OutlierDetector, number>();

  constructor(onEjected: (host: Host, nowMs: number) => void) {
    this.#onEjected = onEjected;
  }

  /** Does what was due until now. */
  advance(nowMs: number): void {
    for (const [outliers, dueMs] of this.#nextSweepMs) {
      let atMs = dueMs;
      for (; atMs <= nowMs && outliers.needsSweep; atMs += this.#pauseMs(outliers)) outliers.sweep(atMs);
      if (outliers.needsSweep) this.#nextSweepMs.set(outliers, atMs);
      else this.#nextSweepMs.delete(outliers);
    }
  }

  /** A host has answered. */
  onAnswer(
    { outliers }: Cluster,
    host: Host,
    { status, nowMs }: { readonly status: number; readonly nowMs: number },
  ): void {
    const isServerError = status >= 500 && status <= 599;
    if (isServerError) host.failedRequests += 1;
    if (outliers === undefined) return;
    if (!isServerError) outliers.onSuccess(host);
    else if (outliers.onServerError(host, status, nowMs)) this.#eject(outliers, host, nowMs);
  }

  /** A try has ended without an answer. */
  onFailure({ outliers }: Cluster, host: Host, nowMs: number): void {
    host.failedRequests += 1;
    if (outliers?.onLocalFailure(host, nowMs) === true) this.#eject(outliers, host, nowMs);
  }

  #eject(outliers: OutlierDetector, host: Host, nowMs: number): void {
    if (!this.#nextSweepMs.has(outliers)) this.#nextSweepMs.set(outliers, nowMs + this.#pauseMs(outliers));
    this.#onEjected(host, nowMs);
  }

  #pauseMs({ policy }: OutlierDetector): number {
    return Math.max(1, policy?.intervalMs ?? 1);
  }
}
