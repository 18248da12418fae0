import { STATUS_CODES } from "node:http";
import { FIELD_KIND, INCOMPLETE, readRequestHead, requestFraming, type ByteWindow } from "@bookmesh/http1";
import { PROXY_FAILURES, type ResponseFlag } from "@bookmesh/proxy-core";
import {
  BODY_TIMEOUT_MS,
  HEAD_TIMEOUT_MS,
  LEAVING_PAUSE_MS,
  LINGER_MS,
  PAUSE_MS,
} from "./connection-times.ts";
import type { DataPath } from "./data-path.ts";
import type { DownstreamContext } from "./downstream-context.ts";
import type { ExchangeClient } from "./exchange-client.ts";
import { Exchange } from "./exchange.ts";
import { HeldBytes } from "./held-bytes.ts";
import type { OutgoingHead } from "./outgoing-request.ts";
import { writeLocalReply, type LocalReply } from "./local-reply.ts";
import { AuthorityMemo, failurePlan, HTTPS_PLAN, type RequestPlan } from "./plan-request.ts";
import { requestId } from "./request-id.ts";
import { RequestRecord } from "./request-record.ts";
import { WheelTimer } from "./timer-wheel.ts";
import { joinWires } from "./tunnel.ts";
import type { UpstreamConnection } from "./upstream-connection.ts";
import type { Wire, WireEvents } from "./wire.ts";

const CONTINUE = Buffer.from("HTTP/1.1 100 Continue\r\n\r\n");

/** One client's connection: reads requests one after the other and has each answered before the next. */
export class DownstreamConnection implements WireEvents, ExchangeClient {
  readonly wire: Wire;
  readonly record = new RequestRecord();
  readonly direction: "inbound" | "outbound";
  minor = 1;
  isHead = false;
  keepsOpen = true;
  readonly #context: DownstreamContext;
  readonly #path: DataPath;
  readonly #exchange: Exchange;
  readonly #memo = new AuthorityMemo();
  readonly #timer = new WheelTimer(() => this.#onTimeout());
  readonly #held = new HeldBytes();
  #isUpgrade = false;
  #isParsing = false;
  #isClosing = false;
  #hasEnded = false;

  constructor(wire: Wire, context: DownstreamContext) {
    this.wire = wire;
    this.#context = context;
    this.#path = context.path;
    this.direction = context.chains().direction;
    this.#exchange = new Exchange(context.path, context.pools, this);
    this.#pause();
  }

  /** This answer is the last of its connection, since the pod is leaving. */
  get isLeaving(): boolean {
    return this.#path.isDraining && this.#path.isEntrance(this.direction);
  }

  onBytes(input: ByteWindow): void {
    if (this.#isClosing) return;
    if (this.#exchange.isActive) {
      this.#onBytesOfBody(input);
      return;
    }
    const joined = this.#held.join(input);
    if (joined) this.#parse(joined);
  }

  onEnd(): void {
    this.#hasEnded = true;
    // As in Envoy: most clients that end their side have hung up, and work for them would be lost upstream.
    if (this.#exchange.isActive) this.wire.destroy();
    else this.wire.socket.destroySoon();
  }

  onDrain(): void {
    if (this.#exchange.isActive) this.#exchange.holdResponse(false);
    else this.#next();
  }

  onClose(): void {
    this.#path.wheel.stop(this.#timer);
    if (this.#exchange.isActive) {
      this.#exchange.cancel();
      this.#finishRecord();
    }
    this.#context.onClosed();
  }

  /** Begins a pause anew that began before the pod was leaving. */
  shortenPause(): void {
    const isPause = !this.#exchange.isActive && !this.#isClosing && this.#held.size === 0;
    if (isPause && this.wire.events === this) this.#pause();
  }

  holdBody(isHeld: boolean): void {
    this.wire.hold(isHeld);
  }

  replyLocally(reply: LocalReply, flag?: ResponseFlag): void {
    const { out } = this.#path;
    this.record.status = reply.status;
    if (flag) this.record.flag(flag);
    if (!this.#exchange.hasRequest || this.isLeaving) this.keepsOpen = false;
    const connection = this.keepsOpen ? (this.minor === 0 ? "keep-alive" : "") : "close";
    out.length = 0;
    writeLocalReply(out, reply, { date: this.#path.date(), hasBody: !this.isHead, connection });
    this.wire.flush(out);
    this.record.responseBytes = Buffer.byteLength(reply.body);
    this.onAnswered();
  }

  onAnswered(): void {
    this.#finishRecord();
    const dropsEarlyData = this.#isUpgrade && this.#held.size > 0;
    if (!this.keepsOpen || this.#hasEnded || dropsEarlyData) {
      this.#close();
      return;
    }
    this.#pause();
    if (!this.#isParsing) this.#next();
  }

  onCut(): void {
    this.#finishRecord();
    // Only a reset tells a client of HTTP/1.0 that the body is not all there.
    if (this.minor === 0) this.wire.reset();
    else this.wire.destroy();
  }

  onTunnel(connection: UpstreamConnection, early: ByteWindow): void {
    this.#path.wheel.stop(this.#timer);
    if (early.size > 0) this.wire.write(early.copy());
    const fromClient = this.#held.take();
    if (fromClient) connection.wire.write(fromClient);
    joinWires(this.wire, connection.wire, (bytes) => {
      this.record.requestBytes = bytes.fromClient;
      this.record.responseBytes = bytes.fromUpstream;
      this.#finishRecord();
      connection.onClose();
      this.#context.onClosed();
    });
  }

  #onBytesOfBody(input: ByteWindow): void {
    if (!this.#exchange.hasRequest) this.#takeBody(input);
    if (input.size > 0 && !this.#isClosing) this.#holdPipelined(input);
  }

  #takeBody(input: ByteWindow): void {
    this.#path.wheel.start(this.#timer, BODY_TIMEOUT_MS);
    if (this.#exchange.takeBody(input) && this.#exchange.hasRequest) this.#path.wheel.stop(this.#timer);
  }

  #holdPipelined(input: ByteWindow): void {
    this.#held.add(input);
    this.wire.socket.pause();
  }

  /** Goes on with what was held back while an answer was on its way. */
  #next(): void {
    if (this.#isClosing || this.#isParsing) return;
    if (this.#held.size > 0) {
      const held = this.#held.window();
      this.#parse(held);
    }
    if (!this.#exchange.isActive) this.wire.socket.resume();
  }

  #parse(input: ByteWindow): void {
    this.#isParsing = true;
    while (input.size > 0 && !this.#exchange.isActive && !this.#isClosing && this.wire.events === this) {
      if (this.wire.isFull) break; // a client that sends requests and reads no answers
      const outcome = readRequestHead(input, this.#path.requestHead);
      if (outcome === INCOMPLETE) {
        this.#held.addHead(input);
        this.#path.wheel.start(this.#timer, HEAD_TIMEOUT_MS);
        break;
      }
      if (outcome < 0) {
        this.#refuse(-outcome);
        break;
      }
      input.from = outcome;
      this.#onRequest(input);
    }
    this.#isParsing = false;
    const isMoreThanHead = this.#held.size === 0 && input.size > 0;
    if (isMoreThanHead && !this.#isClosing && this.wire.events === this) this.#holdPipelined(input);
  }

  #onRequest(input: ByteWindow): void {
    const { requestHead: head, wheel } = this.#path;
    wheel.stop(this.#timer);
    this.minor = head.minor;
    this.isHead = head.methodTo - head.methodFrom === 4 && head.bytes[head.methodFrom] === 0x48;
    this.keepsOpen = head.minor === 1 ? !head.saysClose : head.saysKeepAlive;
    this.#isUpgrade = head.upgradesToWebSocket && head.saysUpgrade && head.minor === 1;
    this.record.begin(performance.now());
    const { http } = this.#context.chains();
    const isFromOutside = http?.usesRemoteAddress ?? false;
    const hasId = !isFromOutside && head.indexOf(FIELD_KIND.requestId) >= 0;
    const id = hasId ? "" : requestId(this.#path.options.random);
    if (http?.writesAccessLog) {
      this.record.log(head, id, this.#path.options.clock.now());
    }
    if (head.form === "authority") {
      this.#connect(input);
      return;
    }
    const plan = this.#plan();
    if (plan.kind === "reply") {
      if (plan === HTTPS_PLAN) this.keepsOpen = false;
      this.record.routeName = plan.routeName;
      if (requestFraming(head) !== "none") this.keepsOpen = false; // its body is dropped with the connection
      this.replyLocally(plan.reply, plan.flag);
      return;
    }
    if (head.expectsContinue && head.minor === 1 && input.size === 0) this.wire.write(CONTINUE);
    const outgoing: OutgoingHead = {
      authority: head.authorityTo === head.authorityFrom ? this.#context.authority : undefined,
      requestId: id,
      forwardedFor: isFromOutside ? (this.wire.socket.remoteAddress ?? "") : "",
      forwardedProto: this.#context.scheme,
      isFromOutside,
      isUpgrade: this.#isUpgrade,
    };
    this.#exchange.begin(plan, outgoing, input);
    if (this.#exchange.isActive && !this.#exchange.hasRequest) wheel.start(this.#timer, BODY_TIMEOUT_MS);
  }

  #plan(): RequestPlan {
    if (this.#path.requestHead.isHttps && this.#context.scheme === "http") return HTTPS_PLAN;
    const { http } = this.#context.chains();
    if (!http) return failurePlan("noRoute");
    return this.#context.plan(this.#memo.route(this.#path.requestHead, http.routes));
  }

  #connect(input: ByteWindow): void {
    const { onConnect } = this.#context;
    if (!onConnect) {
      this.keepsOpen = false;
      this.replyLocally({ status: 400, body: "" }, PROXY_FAILURES.downstreamProtocolError.flag);
      return;
    }
    const head = this.#path.requestHead;
    const authority = head.bytes.subarray(head.authorityFrom, head.authorityTo);
    const rest = input.copy();
    input.from = input.to;
    onConnect(Buffer.from(authority).toString("latin1").toLowerCase(), rest);
  }

  /** Answers what is no proper request, and closes. */
  #refuse(status: number): void {
    this.keepsOpen = false;
    this.isHead = false;
    this.record.begin(performance.now());
    if (this.#context.chains().http?.writesAccessLog) this.record.logUnread(this.#path.options.clock.now());
    const { flag } = PROXY_FAILURES.downstreamProtocolError;
    this.replyLocally({ status, body: STATUS_CODES[status] ?? "" }, flag);
  }

  #finishRecord(): void {
    const cluster = this.record.upstreamCluster || "unknown";
    const counters = this.#path.counters.of(this.direction, cluster);
    this.record.finish(counters, this.#path.options.accessLog, this.#context.addresses);
  }

  #onTimeout(): void {
    if (this.#isClosing) this.wire.destroy();
    else if (this.#exchange.isActive) this.#onBodyTimeout();
    else if (this.#held.size > 0) this.#refuse(408);
    else this.#close();
  }

  #onBodyTimeout(): void {
    // A body that the upstream does not take is not the client's fault.
    if (this.wire.socket.isPaused()) this.#path.wheel.start(this.#timer, BODY_TIMEOUT_MS);
    else this.wire.destroy();
  }

  /** Waits for the next request. */
  #pause(): void {
    this.#path.wheel.start(this.#timer, this.isLeaving ? LEAVING_PAUSE_MS : PAUSE_MS);
  }

  /** Says good-bye: what was written leaves, what still comes is dropped. */
  #close(): void {
    this.#isClosing = true;
    this.#held.take();
    this.#path.wheel.start(this.#timer, LINGER_MS);
    this.wire.socket.resume();
    if (this.#hasEnded) this.wire.socket.destroySoon();
    else this.wire.socket.end();
  }
}
