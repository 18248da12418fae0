import type { Cluster, Host } from "@bookmesh/proxy-core";
import type { OutlierDetector } from "@bookmesh/proxy-core/outlier";

/** Added to each pause between sweeps: a timer may be early by a fraction of this, and a host's time not yet over. */
const SWEEP_MARGIN_MS = 1;

/** Tells outlier detection how tries end, and carries out what it decides. */
export class OutlierReports {
  readonly #onEjected: (host: Host) => void;
  readonly #sweeps = new Map<OutlierDetector, NodeJS.Timeout>();

  constructor(onEjected: (host: Host) => void) {
    this.#onEjected = onEjected;
  }

  /** The head of an answer has come. */
  onAnswer({ outliers }: Cluster, host: Host, status: number): void {
    const isServerError = status >= 500 && status <= 599;
    if (isServerError) host.failedRequests++;
    if (!outliers) return;
    if (!isServerError) outliers.onSuccess(host);
    else if (outliers.onServerError(host, status, performance.now())) this.#eject(outliers, host);
  }

  /** A try has ended without an answer, or in the middle of one. */
  onFailure({ outliers }: Cluster, host: Host): void {
    host.failedRequests++;
    if (outliers?.onLocalFailure(host, performance.now()) === true) this.#eject(outliers, host);
  }

  onConnected({ outliers }: Cluster, host: Host): void {
    outliers?.onConnected(host);
  }

  close(): void {
    for (const timer of this.#sweeps.values()) clearTimeout(timer);
    this.#sweeps.clear();
  }

  #eject(outliers: OutlierDetector, host: Host): void {
    if (!this.#sweeps.has(outliers)) this.#sweepLater(outliers);
    this.#onEjected(host);
  }

  /** Runs only while a host is out or has lately been. */
  #sweepLater(outliers: OutlierDetector): void {
    this.#sweeps.delete(outliers);
    const { policy, needsSweep } = outliers;
    if (!policy || !needsSweep) return;
    const timer = setTimeout(() => {
      outliers.sweep(performance.now());
      this.#sweepLater(outliers);
    }, policy.intervalMs + SWEEP_MARGIN_MS);
    this.#sweeps.set(outliers, timer.unref());
  }
}
