import type { MessageHead } from "@bookmesh/http1";
import { NO_FLAGS, withFlag, type Host, type ResponseFlag } from "@bookmesh/proxy-core";
import { AccessLine } from "./access-line.ts";
import type { AccessLogSink } from "./access-log.ts";
import type { FinishedRequest, RouteCounters } from "./traffic-counters.ts";

/** What becomes of one request, for its counters and its log line. One record serves many requests. */
export class RequestRecord implements FinishedRequest {
  status = 0;
  durationMs = 0;
  requestBytes = 0;
  responseBytes = 0;
  attempts = 0;
  startedAtMs = 0;
  routeName = "";
  host: Host | undefined;
  upstreamCluster = "";
  #flags: string = NO_FLAGS;
  #line: AccessLine | undefined;
  #isLogged = false;

  /** All that went wrong, as Envoy writes it; "-" for nothing. */
  get flags(): string {
    return this.#flags;
  }

  /** Something went wrong, or was made to. */
  flag(flag: ResponseFlag): void {
    this.#flags = withFlag(this.#flags, flag);
  }

  begin(nowMs: number): void {
    this.status = 0;
    this.#flags = NO_FLAGS;
    this.requestBytes = 0;
    this.responseBytes = 0;
    this.attempts = 0;
    this.startedAtMs = nowMs;
    this.routeName = "";
    this.host = undefined;
    this.upstreamCluster = "";
    this.#isLogged = false;
  }

  /** Asks for a log line. `requestId` is the proxy's own; "": the request has one. */
  log(head: MessageHead, requestId: string, startTime: number): void {
    this.#isLogged = true;
    (this.#line ??= new AccessLine()).begin(head, requestId, startTime);
  }

  /** Asks for a log line of a request whose head could not be read. */
  logUnread(startTime: number): void {
    this.#isLogged = true;
    (this.#line ??= new AccessLine()).beginUnread(startTime);
  }

  /** Counts the request and writes its line. */
  finish(counters: RouteCounters | undefined, sink: AccessLogSink, addresses: ConnectionAddresses): void {
    this.durationMs = performance.now() - this.startedAtMs;
    counters?.count(this);
    if (!this.#isLogged || !this.#line) return;
    const line = this.#line.end({
      responseCode: this.status,
      responseFlags: this.flags,
      bytesReceived: this.requestBytes,
      bytesSent: this.responseBytes,
      duration: Math.round(this.durationMs),
      upstreamHost: this.host?.name ?? "",
      upstreamCluster: this.upstreamCluster,
      routeName: this.routeName,
      attemptCount: this.attempts,
      downstreamLocalAddress: addresses.local,
      downstreamRemoteAddress: addresses.remote,
      requestedServerName: addresses.serverName,
    });
    sink.write(line);
  }
}

/** Both ends of a client's connection, as `address:port`. */
export interface ConnectionAddresses {
  readonly remote: string;
  readonly local: string;
  /** The name that a TLS client asked for. */
  readonly serverName?: string;
}
