import type { ByteWindow } from "@bookmesh/http1";
import { backoffMs } from "@bookmesh/kernel";
import {
  decideRetry,
  PROXY_FAILURES,
  type AttemptEnd,
  type Host,
  type ProxyFailure,
} from "@bookmesh/proxy-core";
import type { DataPath } from "./data-path.ts";
import type { ExchangeClient } from "./exchange-client.ts";
import { DELAY_FLAG, drawAbortStatus, drawDelayMs } from "./fault-draws.ts";
import type { LocalReply } from "./local-reply.ts";
import { mirrorRequest } from "./mirror-request.ts";
import { OutgoingRequest, type OutgoingHead } from "./outgoing-request.ts";
import type { ForwardPlan } from "./plan-request.ts";
import { ResponseRelay, type ResponseProgress } from "./response-relay.ts";
import { WheelTimer } from "./timer-wheel.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** Repetitions beyond the policy's, for pooled connections that the host had closed meanwhile. */
const MAX_STALE_CONNECTIONS = 8;

/** One request's way upstream and back: attempts, timeouts, bodies. One object serves a connection's requests. */
export class Exchange implements UpstreamUser {
  readonly #path: DataPath;
  readonly #pools: UpstreamPools;
  readonly #client: ExchangeClient;
  readonly #request: OutgoingRequest;
  readonly #response: ResponseRelay;
  readonly #routeTimer = new WheelTimer(() => this.#fail("upstreamTimeout"));
  readonly #attemptTimer = new WheelTimer(() => this.#afterWait());
  #plan: ForwardPlan | undefined;
  #connection: UpstreamConnection | undefined;
  #tried: Host[] = [];
  #retries = 0;
  #staleConnections = 0;
  #isUpgrade = false;
  /** What the attempt timer's end leads to. */
  #afterWait: () => void = () => undefined;

  constructor(path: DataPath, pools: UpstreamPools, client: ExchangeClient) {
    this.#path = path;
    this.#pools = pools;
    this.#client = client;
    this.#request = new OutgoingRequest(path);
    this.#response = new ResponseRelay(path, client);
  }

  get isActive(): boolean {
    return this.#plan !== undefined;
  }

  /** The whole request has been read. */
  get hasRequest(): boolean {
    return this.#request.isDone;
  }

  /** Takes a request whose head has just been read into `path.requestHead`; `input` holds what followed it. */
  begin(plan: ForwardPlan, outgoing: OutgoingHead, input: ByteWindow): void {
    this.#plan = plan;
    this.#isUpgrade = outgoing.isUpgrade;
    this.#tried = [];
    this.#retries = 0;
    this.#staleConnections = 0;
    this.#request.begin(this.#path.requestHead, outgoing, plan);
    this.#response.begin(plan.action.responseEdits);
    this.#path.counters.activeRequests++;
    this.#pools.loadOf(plan.cluster).activeRequests++;
    this.#client.record.upstreamCluster = plan.cluster.name;
    this.#client.record.routeName = plan.routeName;
    if (this.takeBody(input)) this.#beginFault(plan);
  }

  /** Takes what `input` holds of the request's body. Returns false where its framing is broken. */
  takeBody(input: ByteWindow): boolean {
    const isSound = this.#request.take(input, this.#connection?.wire);
    this.#client.record.requestBytes = this.#request.bodyBytes;
    if (!isSound) this.#fail("downstreamProtocolError");
    else if (this.#request.isDone) this.#onWholeRequest();
    else this.#client.holdBody(!this.#connection || this.#connection.wire.isFull);
    return isSound;
  }

  #onWholeRequest(): void {
    const action = this.#plan?.action;
    if (!action) return;
    if (action.timeoutMs > 0) this.#path.wheel.start(this.#routeTimer, action.timeoutMs);
    if (action.mirrors.length > 0)
      mirrorRequest(action, this.#request.whole, { path: this.#path, pools: this.#pools });
  }

  /** The client has gone: nobody waits for the answer. */
  cancel(): void {
    if (!this.#plan) return;
    this.#client.record.flag = PROXY_FAILURES.downstreamGone.flag;
    this.#dropConnection();
    this.#end();
  }

  /** The client takes no more for now, or does again. */
  holdResponse(isHeld: boolean): void {
    this.#connection?.wire.hold(isHeld);
  }

  onConnected(connection: UpstreamConnection): void {
    const { record } = this.#client;
    this.#connection = connection;
    connection.beginRequest(this);
    record.host = connection.host;
    const perTryTimeoutMs = this.#plan?.action.retry?.perTryTimeoutMs ?? 0;
    if (perTryTimeoutMs > 0) this.#wait(perTryTimeoutMs, () => this.#loseAttempt("upstreamTimeout", true));
    this.#request.send(connection.wire, record.attempts);
    if (!this.#request.isDone) this.#client.holdBody(connection.wire.isFull);
  }

  onResponseHead(input: ByteWindow): void {
    const head = this.#path.responseHead;
    if (head.status === 101 && !this.#isUpgrade) {
      this.onUpstreamLost("upstreamProtocolError");
      return;
    }
    if (this.#retry({ kind: "answer", status: head.status })) return;
    this.#path.wheel.stop(this.#attemptTimer);
    if (head.status >= 500 && this.#connection) this.#connection.host.failedRequests++;
    this.#proceed(this.#response.onHead(head, input, this.#request.isDone), input);
  }

  onResponseBytes(input: ByteWindow): void {
    this.#proceed(this.#response.onBytes(input), input);
  }

  onUpstreamEnd(): void {
    const progress = this.#response.onEnd();
    if (progress === "broken") this.onUpstreamLost("upstreamReset");
    else this.#proceed(progress);
  }

  onUpstreamDrain(): void {
    this.#client.holdBody(false);
  }

  onUpstreamLost(failure: ProxyFailure): void {
    const connection = this.#connection;
    if (connection) connection.host.failedRequests++;
    this.#dropConnection();
    const mayRepeat = connection?.isStale && this.#request.isReplayable;
    if (this.#response.hasBegun) this.#cut(failure);
    else if (mayRepeat && this.#staleConnections++ < MAX_STALE_CONNECTIONS)
      this.#acquire(connection.host, true);
    else this.#loseAttempt(failure, connection !== undefined);
  }

  #proceed(progress: ResponseProgress, input?: ByteWindow): void {
    const connection = this.#connection;
    const client = this.#client;
    if (progress === "more" || !connection) {
      if (client.wire.isFull) this.holdResponse(true);
      return;
    }
    if (progress === "broken") {
      this.onUpstreamLost("upstreamProtocolError");
      return;
    }
    if (progress === "tunnel") {
      this.#connection = undefined;
      connection.detach();
      this.#end();
      client.onTunnel(connection, input ?? this.#path.reads.input);
      return;
    }
    this.#giveBack(connection);
    this.#end();
    client.onAnswered();
  }

  #giveBack(connection: UpstreamConnection): void {
    const isReusable = this.#response.isReusable && this.#request.isDone && !connection.wire.isBusy;
    const cluster = this.#plan?.cluster;
    if (!isReusable || !cluster) {
      this.#dropConnection();
      return;
    }
    this.#connection = undefined;
    connection.endRequest(this.#response.keepAliveSeconds);
    this.#pools.release(connection, cluster);
  }

  /** Tries again if `decideRetry` says so. */
  #retry(end: AttemptEnd): boolean {
    const plan = this.#plan;
    const policy = plan?.action.retry;
    if (!plan || !policy) return false;
    const load = this.#pools.loadOf(plan.cluster);
    const decision = decideRetry(policy, end, {
      retries: this.#retries,
      isReplayable: this.#request.isReplayable,
      clusterHasRoom: load.activeRetries < plan.cluster.limits.maxRetries,
    });
    if (decision !== "retry") return false;
    if (end.kind === "answer" && this.#connection) this.#connection.host.failedRequests++;
    this.#dropConnection();
    load.activeRetries++;
    const waitMs = backoffMs(this.#retries++, policy.backoff, this.#path.options.random);
    this.#wait(waitMs, () => this.#attempt());
    return true;
  }

  #attempt(): void {
    const plan = this.#plan;
    if (!plan) return;
    const { cluster, action } = plan;
    const host = cluster.pickHost(action.retry?.avoidsPreviousHosts ? this.#tried : []);
    if (!host) this.#fail("noHealthyHost");
    else this.#acquire(host);
  }

  #acquire(host: Host, isFresh = false): void {
    const cluster = this.#plan?.cluster;
    if (!cluster) return;
    const { record, direction } = this.#client;
    this.#tried.push(host);
    record.attempts++;
    record.host = host;
    const failure = this.#pools.acquire(this, { cluster, host, isFresh, direction });
    if (failure) this.#fail(failure);
  }

  #beginFault({ action: { fault } }: ForwardPlan): void {
    const delayMs = fault ? drawDelayMs(fault, this.#path.options.random) : 0;
    if (delayMs === 0) {
      this.#afterDelay();
      return;
    }
    this.#client.record.flag = DELAY_FLAG;
    this.#wait(delayMs, () => this.#afterDelay());
  }

  #afterDelay(): void {
    const fault = this.#plan?.action.fault;
    const status = fault ? drawAbortStatus(fault, this.#path.options.random) : 0;
    if (status === 0) this.#attempt();
    else this.#reply({ status, body: PROXY_FAILURES.faultAbort.body }, PROXY_FAILURES.faultAbort.flag);
  }

  /** One thing is waited for at a time. */
  #wait(ms: number, then: () => void): void {
    this.#afterWait = then;
    this.#path.wheel.start(this.#attemptTimer, ms);
  }

  /** An attempt has come to nothing: another one, or the failure's answer. */
  #loseAttempt(failure: ProxyFailure, wasSent: boolean): void {
    if (!this.#retry({ kind: "failure", failure, wasSent })) this.#fail(failure);
  }

  #cut(failure: ProxyFailure): void {
    this.#client.record.flag = PROXY_FAILURES[failure].flag;
    this.#dropConnection();
    this.#end();
    this.#client.onCut();
  }

  #fail(failure: ProxyFailure): void {
    if (this.#response.hasBegun) this.#cut(failure);
    else this.#reply(PROXY_FAILURES[failure], PROXY_FAILURES[failure].flag);
  }

  #reply({ status, body }: LocalReply, flag: string): void {
    this.#dropConnection();
    this.#end();
    this.#client.replyLocally({ status, body }, flag);
  }

  /** Leaves the connection, or the wait for one. */
  #dropConnection(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) {
      if (connection.wire.isBusy) this.#request.leaveBytes();
      connection.abandon();
    } else if (this.#plan) {
      this.#pools.cancel(this, this.#plan.cluster);
    }
  }

  #end(): void {
    const plan = this.#plan;
    if (!plan) return;
    this.#plan = undefined;
    this.#path.wheel.stop(this.#routeTimer);
    this.#path.wheel.stop(this.#attemptTimer);
    const load = this.#pools.loadOf(plan.cluster);
    load.activeRequests--;
    load.activeRetries -= this.#retries;
    this.#path.counters.activeRequests--;
  }
}
