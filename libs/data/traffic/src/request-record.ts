import { FIELD_KIND, latin1, type MessageHead } from "@bookmesh/http1";
import { NO_FLAGS, withFlag, type Host, type ResponseFlag } from "@bookmesh/proxy-core";
import type { AccessLogSink } from "./access-log.ts";
import { requestPath } from "./request-view.ts";
import type { FinishedRequest, RouteCounters } from "./traffic-counters.ts";

/** The parts of a request's head that its log line shows; taken only where there is a log. */
export interface LoggedHead {
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly authority: string;
  readonly requestId: string;
  readonly userAgent: string;
  readonly forwardedFor: string;
}

/** Takes the strings out of a head that is about to be gone. `requestId` is the proxy's own; "": the request has one. */
export function loggedHead(head: MessageHead, requestId: string): LoggedHead {
  return {
    method: latin1(head.bytes, head.methodFrom, head.methodTo),
    path: requestPath(head),
    protocol: head.minor === 1 ? "HTTP/1.1" : "HTTP/1.0",
    authority: latin1(head.bytes, head.authorityFrom, head.authorityTo),
    requestId: requestId || head.firstOf(FIELD_KIND.requestId),
    userAgent: head.firstOf(FIELD_KIND.userAgent),
    forwardedFor: head.firstOf(FIELD_KIND.forwardedFor),
  };
}

const UNREAD_HEAD: LoggedHead = {
  method: "",
  path: "",
  protocol: "",
  authority: "",
  requestId: "",
  userAgent: "",
  forwardedFor: "",
};

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
  #startTime = 0;
  #logged: LoggedHead | undefined;

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
    this.#logged = undefined;
  }

  /** Asks for a log line. */
  log(head: LoggedHead, startTime: number): void {
    this.#logged = head;
    this.#startTime = startTime;
  }

  /** Asks for a log line of a request whose head could not be read. */
  logUnread(startTime: number): void {
    this.log(UNREAD_HEAD, startTime);
  }

  /** Counts the request and writes its line. */
  finish(counters: RouteCounters | undefined, sink: AccessLogSink, addresses: ConnectionAddresses): void {
    this.durationMs = performance.now() - this.startedAtMs;
    counters?.count(this);
    if (!this.#logged) return;
    sink.write({
      ...this.#logged,
      startTime: this.#startTime,
      responseCode: this.status,
      responseFlags: this.flags,
      bytesReceived: this.requestBytes,
      bytesSent: this.responseBytes,
      duration: Math.round(this.durationMs),
      upstreamHost: this.host ? `${this.host.address}:${this.host.port}` : "",
      upstreamCluster: this.upstreamCluster,
      downstreamRemoteAddress: addresses.remote,
      downstreamLocalAddress: addresses.local,
      ...(addresses.serverName !== undefined && { requestedServerName: addresses.serverName }),
      routeName: this.routeName,
      attemptCount: this.attempts,
    });
  }
}

/** Both ends of a client's connection, as `address:port`. */
export interface ConnectionAddresses {
  readonly remote: string;
  readonly local: string;
  /** The name that a TLS client asked for. */
  readonly serverName?: string;
}
