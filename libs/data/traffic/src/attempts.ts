import { backoffMs } from "@bookmesh/kernel";
import type { Host } from "@bookmesh/proxy-core";
import { decideRetry, type AttemptEnd, type RetryDecision } from "@bookmesh/proxy-core/retry";
import type { ClusterLoad } from "./cluster-load.ts";
import type { DataPath } from "./data-path.ts";
import type { ForwardPlan } from "./plan-request.ts";
import type { RequestRecord } from "./request-record.ts";

/** Where there is no policy: a pooled connection may turn out to be closed, and the next one is a fresh one. */
const RETRIES_WITHOUT_POLICY = 1;

/** The tries of one request: the hosts that it has been sent to, and what it takes up of its cluster's limits. */
export class Attempts {
  readonly #path: DataPath;
  readonly #record: RequestRecord;
  #plan: ForwardPlan | undefined;
  #load: ClusterLoad | undefined;
  #tried: Host[] = [];
  #retries = 0;
  #isRetrying = false;

  constructor(path: DataPath, record: RequestRecord) {
    this.#path = path;
    this.#record = record;
  }

  /** The host of the latest try. */
  get host(): Host | undefined {
    return this.#record.host;
  }

  /** The present try is not the first. */
  get isRetry(): boolean {
    return this.#retries > 0;
  }

  begin(plan: ForwardPlan): void {
    this.#plan = plan;
    this.#load = this.#path.counters.loads.of(plan.cluster);
    if (this.#tried.length > 0) this.#tried = [];
    this.#retries = 0;
    this.#path.counters.activeRequests++;
  }

  /** Chooses the host of the next try. */
  nextHost(): Host | undefined {
    if (!this.#plan) return undefined;
    const { cluster, action } = this.#plan;
    const host = cluster.pickHost(action.retry?.avoidsPreviousHosts ? this.#tried : []);
    if (!host) return undefined;
    if (action.retry) this.#tried.push(host);
    this.#record.attempts++;
    this.#record.host = host;
    return host;
  }

  /** Takes one try more, at once, after a pooled connection turned out to be closed: the host has done nothing wrong. */
  takeRepeat(): boolean {
    const plan = this.#plan;
    const load = this.#load;
    if (!plan || !load) return false;
    this.#leaveRetry();
    const most = plan.action.retry?.maxRetries ?? RETRIES_WITHOUT_POLICY;
    if (this.#retries >= most || !load.mayRetry(plan.cluster.limits)) return false;
    this.#enterRetry(load);
    this.#record.attempts++;
    return true;
  }

  /** The pause before the next try, in milliseconds; `undefined` where there is none. */
  retryAfterMs(end: AttemptEnd, isReplayable: boolean): number | undefined {
    const load = this.#load;
    const policy = this.#plan?.action.retry;
    if (!load || !this.#plan || !policy) return undefined;
    const wasRetrying = this.#isRetrying;
    this.#leaveRetry();
    const clusterHasRoom = load.mayRetry(this.#plan.cluster.limits);
    const decision = decideRetry(policy, end, { retries: this.#retries, isReplayable, clusterHasRoom });
    if (decision === "retry") {
      this.#enterRetry(load);
      return backoffMs(this.#retries - 1, policy.backoff, this.#path.options.random);
    }
    if (decision === "notAskedFor" && wasRetrying) load.retrySuccesses++;
    else this.#noteRefusal(load, decision);
    return undefined;
  }

  /** The request has had all its time, or the present try its own. */
  onTimeout(what: "request" | "try"): void {
    if (!this.#load) return;
    if (what === "request") this.#load.timeouts++;
    else this.#load.tryTimeouts++;
  }

  end(): void {
    if (!this.#plan) return;
    this.#leaveRetry();
    this.#path.counters.activeRequests--;
    this.#plan = this.#load = undefined;
  }

  #noteRefusal(load: ClusterLoad, decision: RetryDecision): void {
    if (decision === "retriesUsedUp") {
      load.retriesUsedUp++;
      this.#record.flag("URX");
    } else if (decision === "clusterAtLimit") {
      load.retryOverflows++;
      this.#record.flag("UO");
    }
  }

  #enterRetry(load: ClusterLoad): void {
    load.retries++;
    load.activeRetries++;
    this.#retries++;
    this.#isRetrying = true;
  }

  /** A request takes up one retry of its cluster at a time. */
  #leaveRetry(): void {
    if (this.#load && this.#isRetrying) this.#load.activeRetries--;
    this.#isRetrying = false;
  }
}
