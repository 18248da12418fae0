import { backoffMs } from "@bookmesh/kernel";
import { decideRetry, type AttemptEnd, type Host } from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import type { ForwardPlan } from "./plan-request.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** Repetitions beyond the policy's, for pooled connections that the host had closed meanwhile. */
const MAX_STALE_CONNECTIONS = 8;

/** The tries of one request: the hosts that it has been sent to, and what it takes up of its cluster's limits. */
export class Attempts {
  readonly #path: DataPath;
  readonly #pools: UpstreamPools;
  #plan: ForwardPlan | undefined;
  #tried: Host[] = [];
  #retries = 0;
  #staleConnections = 0;
  #isRetrying = false;

  constructor(path: DataPath, pools: UpstreamPools) {
    this.#path = path;
    this.#pools = pools;
  }

  /** The host of the latest try. */
  get host(): Host | undefined {
    return this.#tried.at(-1);
  }

  begin(plan: ForwardPlan): void {
    this.#plan = plan;
    this.#tried = [];
    this.#retries = 0;
    this.#staleConnections = 0;
    this.#path.counters.activeRequests++;
    this.#pools.loadOf(plan.cluster).activeRequests++;
  }

  /** Chooses the host of the next try. */
  nextHost(): Host | undefined {
    if (!this.#plan) return undefined;
    const { cluster, action } = this.#plan;
    const host = cluster.pickHost(action.retry?.avoidsPreviousHosts ? this.#tried : []);
    if (host) this.#tried.push(host);
    return host;
  }

  /** One try more after a pooled connection turned out to be closed: the host has done nothing wrong. */
  mayRepeat(): boolean {
    return this.#staleConnections++ < MAX_STALE_CONNECTIONS;
  }

  /** The pause before the next try, in milliseconds; `undefined` where there is none. */
  retryAfterMs(end: AttemptEnd, isReplayable: boolean): number | undefined {
    const plan = this.#plan;
    const policy = plan?.action.retry;
    if (!plan || !policy) return undefined;
    this.#leaveRetry();
    const load = this.#pools.loadOf(plan.cluster);
    const decision = decideRetry(policy, end, {
      retries: this.#retries,
      isReplayable,
      clusterHasRoom: load.activeRetries < plan.cluster.limits.maxRetries,
    });
    if (decision !== "retry") return undefined;
    load.activeRetries++;
    this.#isRetrying = true;
    return backoffMs(this.#retries++, policy.backoff, this.#path.options.random);
  }

  end(): void {
    if (!this.#plan) return;
    this.#leaveRetry();
    this.#pools.loadOf(this.#plan.cluster).activeRequests--;
    this.#path.counters.activeRequests--;
    this.#plan = undefined;
  }

  /** A request takes up one retry of its cluster at a time. */
  #leaveRetry(): void {
    if (this.#plan && this.#isRetrying) this.#pools.loadOf(this.#plan.cluster).activeRetries--;
    this.#isRetrying = false;
  }
}
