import type { ByteWindow } from "@bookmesh/http1";
import {
  failureAnswer,
  PROXY_FAILURES,
  type Host,
  type ProxyFailure,
  type FailureAnswer,
} from "@bookmesh/proxy-core";
import type { AttemptEnd } from "@bookmesh/proxy-core/retry";
import { Attempts } from "./attempts.ts";
import type { DataPath } from "./data-path.ts";
import type { ExchangeClient } from "./exchange-client.ts";
import { ExchangeTimers } from "./exchange-timers.ts";
import { FaultInjection } from "./fault-injection.ts";
import { mirrorRequest } from "./mirror-request.ts";
import { OutgoingRequest, type OutgoingHead } from "./outgoing-request.ts";
import type { ForwardPlan } from "./plan-request.ts";
import { ResponseRelay, type ResponseProgress } from "./response-relay.ts";
import type { UpstreamConnection, UpstreamUser } from "./upstream-connection.ts";
import type { UpstreamPools } from "./upstream-pools.ts";

/** One request's way upstream and back: attempts, timeouts, bodies. One object serves a connection's requests. */
export class Exchange implements UpstreamUser {
  readonly #path: DataPath;
  readonly #pools: UpstreamPools;
  readonly #client: ExchangeClient;
  readonly #request: OutgoingRequest;
  readonly #response: ResponseRelay;
  readonly #attempts: Attempts;
  readonly #timers: ExchangeTimers;
  readonly #faults: FaultInjection;
  #plan: ForwardPlan | undefined;
  #connection: UpstreamConnection | undefined;
  #isUpgrade = false;
  /** Its faults are behind it. */
  #isForwarded = false;

  constructor(path: DataPath, pools: UpstreamPools, client: ExchangeClient) {
    this.#path = path;
    this.#pools = pools;
    this.#client = client;
    this.#request = new OutgoingRequest(path);
    this.#response = new ResponseRelay(path, client);
    this.#attempts = new Attempts(path, client.record);
    this.#timers = new ExchangeTimers(path.wheel, {
      onRouteTimeout: () => this.#onRouteTimeout(),
      onTryTimeout: () => this.#onTryTimeout(),
      onIdleTimeout: () => this.#fail("streamIdle"),
    });
    this.#faults = new FaultInjection(path.options.random, this.#timers, {
      onDelayed: () => client.record.flag("DI"),
      onAborted: (status) => this.#reply({ ...PROXY_FAILURES.faultAbort, status }),
      onPassed: () => this.#forward(),
    });
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
    this.#isForwarded = false;
    this.#attempts.begin(plan);
    this.#timers.begin(plan.action);
    this.#request.begin(this.#path.requestHead, outgoing, plan);
    this.#response.begin(plan.action.responseEdits);
    this.#client.record.upstreamCluster = plan.cluster.name;
    this.#client.record.routeName = plan.routeName;
    if (!this.takeBody(input)) return;
    if (plan.action.fault) this.#faults.begin(plan.action.fault);
    else this.#forward();
  }

  /** Takes what `input` holds of the request's body. Returns false where its framing is broken. */
  takeBody(input: ByteWindow): boolean {
    this.#timers.touch();
    const isSound = this.#request.take(input, this.#connection?.wire);
    this.#client.record.requestBytes = this.#request.bodyBytes;
    if (!isSound) this.#fail("downstreamProtocolError");
    else if (this.#request.isDone) this.#onWholeRequest();
    else this.#client.holdBody(!this.#connection || this.#connection.wire.isFull);
    return isSound;
  }

  /** The whole request is there and past its faults: as in Envoy, a delay takes nothing of the route's time. */
  #onWholeRequest(): void {
    const action = this.#plan?.action;
    if (!action || !this.#isForwarded) return;
    this.#timers.startRoute();
    if (this.#connection) this.#timers.startTry();
    if (action.mirrors.length > 0)
      mirrorRequest(action, this.#request.whole, { path: this.#path, pools: this.#pools });
  }

  /** The client has gone: nobody waits for the answer. */
  cancel(): void {
    if (!this.#plan) return;
    this.#client.record.flag(PROXY_FAILURES.downstreamGone.flag);
    this.#dropConnection();
    this.#end();
  }

  /** The client takes no more for now, or does again. */
  holdResponse(isHeld: boolean): void {
    this.#connection?.wire.hold(isHeld);
  }

  onConnected(connection: UpstreamConnection): void {
    this.#connection = connection;
    connection.beginRequest(this);
    if (this.#plan) this.#pools.reports.onConnected(this.#plan.cluster, connection.host);
    this.#request.send(connection.wire, this.#client.record.attempts);
    if (this.#request.isDone) this.#timers.startTry();
    else this.#client.holdBody(connection.wire.isFull);
  }

  onResponseHead(input: ByteWindow): void {
    const head = this.#path.responseHead;
    if (head.status === 101 && !this.#isUpgrade) {
      this.onUpstreamLost("upstreamProtocolError");
      return;
    }
    if (this.#plan && this.#connection)
      this.#pools.reports.onAnswer(this.#plan.cluster, this.#connection.host, head.status);
    this.#timers.touch();
    if (this.#retry({ kind: "answer", status: head.status })) return;
    this.#timers.stopWaiting();
    this.#proceed(this.#response.onHead(head, input, this.#request.isDone), input);
  }

  onResponseBytes(input: ByteWindow): void {
    this.#timers.touch();
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
    const { isReplayable, isIdempotent } = this.#request;
    const isStale = connection?.isStale && !this.#response.hasBegun;
    if (isStale && isReplayable && isIdempotent && this.#attempts.takeRepeat()) {
      this.#dropConnection();
      this.#acquire(connection.host, true);
      return;
    }
    this.#reportFailure();
    this.#dropConnection();
    if (this.#response.hasBegun) this.#cut(failure);
    else this.#loseAttempt(failure, connection !== undefined);
  }

  #onTryTimeout(): void {
    this.#attempts.onTimeout("try");
    this.#reportFailure();
    this.#loseAttempt("upstreamTimeout", true);
  }

  #onRouteTimeout(): void {
    this.#attempts.onTimeout("request");
    if (this.#connection && !this.#response.hasBegun) this.#reportFailure();
    this.#fail("upstreamTimeout");
  }

  /** The host has failed this try: it may be ejected before the next one looks for a host. */
  #reportFailure(): void {
    const { host } = this.#attempts;
    if (this.#plan && host) this.#pools.reports.onFailure(this.#plan.cluster, host);
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

  /** Tries again if that may be. */
  #retry(end: AttemptEnd): boolean {
    const waitMs = this.#attempts.retryAfterMs(end, this.#request.isReplayable);
    if (waitMs === undefined) return false;
    this.#dropConnection();
    this.#timers.wait(waitMs, () => this.#attempt());
    return true;
  }

  #attempt(): void {
    const host = this.#attempts.nextHost();
    if (!host) this.#fail("noHealthyHost");
    else this.#acquire(host);
  }

  #acquire(host: Host, isFresh = false): void {
    const cluster = this.#plan?.cluster;
    if (!cluster) return;
    const { direction } = this.#client;
    const refusal = this.#pools.acquire(this, { cluster, host, isFresh, direction });
    if (!refusal) return;
    if (!refusal.namesHost) this.#client.record.host = undefined;
    this.#fail(refusal.failure);
  }

  #forward(): void {
    this.#isForwarded = true;
    if (this.#request.isDone) this.#onWholeRequest();
    this.#attempt();
  }

  /** An attempt has come to nothing: another one, or the failure's answer. */
  #loseAttempt(failure: ProxyFailure, wasSent: boolean): void {
    if (!this.#retry({ kind: "failure", failure, wasSent })) this.#fail(failure);
  }

  #cut(failure: ProxyFailure): void {
    this.#client.record.flag(PROXY_FAILURES[failure].flag);
    this.#dropConnection();
    this.#end();
    this.#client.onCut();
  }

  #fail(failure: ProxyFailure): void {
    if (this.#response.hasBegun) {
      this.#cut(failure);
      return;
    }
    const { isRetry } = this.#attempts;
    this.#reply(failureAnswer(failure, { isRetry, hasRequest: this.hasRequest }));
  }

  #reply({ status, body, flag }: FailureAnswer): void {
    this.#dropConnection();
    this.#end();
    this.#client.replyLocally({ status, body, isOverloaded: flag === "UO" }, flag);
  }

  /** Leaves the connection, or the wait for one. */
  #dropConnection(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) {
      if (connection.wire.isBusy) this.#request.leaveBytes();
      connection.abandon();
    } else if (this.#plan && this.#attempts.host) {
      this.#pools.cancel(this, { cluster: this.#plan.cluster, host: this.#attempts.host });
    }
  }

  #end(): void {
    if (!this.#plan) return;
    this.#plan = undefined;
    this.#timers.stop();
    this.#attempts.end();
  }
}
