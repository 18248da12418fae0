import type { Host } from "./host.ts";
import type { OutlierDetector } from "./outlier/outlier-detector.ts";

/** Envoy's `overprovisioning_factor`: a cluster with five sevenths of its hosts is as good as whole. */
const OVERPROVISIONING_PERCENT = 140;

/** One host of a cluster, and what its control plane says of it. */
export interface Member {
  readonly host: Host;
  readonly isHealthy: boolean;
}

/** The hosts that requests may go to; found anew when one has been ejected or has returned. */
export class UsableHosts {
  readonly #members: readonly Member[];
  readonly #panicFraction: number;
  readonly #outliers: OutlierDetector;
  #version = -1;
  #hosts: readonly Host[] = [];

  constructor(members: readonly Member[], panicFraction: number, outliers: OutlierDetector) {
    this.#members = members;
    this.#panicFraction = panicFraction;
    this.#outliers = outliers;
  }

  get hosts(): readonly Host[] {
    if (this.#version !== this.#outliers.version) {
      this.#version = this.#outliers.version;
      this.#hosts = usableHosts(this.#members, this.#panicFraction);
    }
    return this.#hosts;
  }
}

/**
 * The hosts that are healthy and not ejected; all hosts where those are too few, since then the checks are the
 * likelier culprit. Source: Envoy, "Panic threshold".
 */
export function usableHosts(members: readonly Member[], panicFraction: number): readonly Host[] {
  const all = members.map(({ host }) => host);
  const usable = members.filter(({ host, isHealthy }) => isHealthy && !host.outlier.isEjected);
  const isWhole = usable.length * OVERPROVISIONING_PERCENT >= all.length * 100;
  const isPanicking = !isWhole && usable.length < all.length * panicFraction;
  return isPanicking ? all : usable.map(({ host }) => host);
}
