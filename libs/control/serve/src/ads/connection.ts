import type { Clock } from "@bookmesh/kernel";
import type { StreamResponse } from "./ads-protocol.ts";
import { isInSync, planResponses, type Subscriptions } from "./push-plan.ts";
import type { ProxyResources } from "@bookmesh/translate";
import type { ResourceSets } from "./resource-sets.ts";
import { receive, type AdsRequest, type Subscription } from "./subscription.ts";
import type { ConnectedNode } from "./connected-node.ts";

/** What a connection tells about its life, for metrics and logs. */
export interface ConnectionEvents {
  readonly pushed: (typeUrl: string) => void;
  readonly rejected: (node: ConnectedNode, typeUrl: string, message: string) => void;
  /** All of the newest target is accepted; how long that took. */
  readonly converged: (tookMs: number) => void;
}

/** What a connection works with. */
export interface ConnectionPorts {
  readonly clock: Clock;
  readonly sets: ResourceSets;
  readonly write: (response: StreamResponse) => void;
  readonly events: ConnectionEvents;
}

/** How long one resource type may hold up the others: a client that answers nothing gets the rest all the same. */
const PATIENCE_MS = 2_000;
/** One for all: an error of its own for each answer would cost more than the answer. */
const ANSWERED = new Error("The waiting for an answer is over.");

/** One proxy's stream: what it asked for, what it was sent, what it made of it. */
export class Connection {
  readonly node: ConnectedNode;
  readonly connectedAtMs: number;
  readonly #ports: ConnectionPorts;
  #subscriptions: Subscriptions = new Map();
  #target: ProxyResources | undefined;
  #targetSinceMs = 0;
  #converged = true;
  #nonce = 0;
  #patience: AbortController | undefined;

  constructor(node: ConnectedNode, ports: ConnectionPorts) {
    this.node = node;
    this.#ports = ports;
    this.connectedAtMs = ports.clock.now();
  }

  get subscriptions(): Iterable<Subscription> {
    return this.#subscriptions.values();
  }

  get target(): ProxyResources | undefined {
    return this.#target;
  }

  /** Takes an ACK, a NACK or a subscription, and sends what is due then. */
  receive(request: AdsRequest): void {
    const before = this.#subscriptions.get(request.typeUrl);
    const [subscription, meaning] = receive(before, request, this.#ports.clock.now());
    if (meaning === "stale") return;
    if (meaning === "nack")
      this.#ports.events.rejected(this.node, request.typeUrl, request.errorMessage ?? "");
    this.#subscriptions = new Map([...this.#subscriptions, [request.typeUrl, subscription]]);
    this.#push(false);
  }

  /** Replaces what the proxy should have; `sinceMs` is when the mesh changed. */
  retarget(target: ProxyResources, sinceMs: number): void {
    if (target === this.#target) return;
    this.#target = target;
    this.#targetSinceMs = Math.max(sinceMs, this.connectedAtMs);
    this.#converged = false;
    this.#push(false);
  }

  /** Ends its waiting. The stream itself is the caller's to end. */
  close(): void {
    this.#patience?.abort(ANSWERED);
  }

  #push(impatient: boolean): void {
    if (this.#target === undefined) return;
    const { clock, sets, write, events } = this.#ports;
    this.#patience?.abort(ANSWERED);
    const inputs = { target: this.#target, impatient, sets, nowMs: clock.now() };
    const nextNonce = () => String(++this.#nonce);
    const plan = planResponses({ ...inputs, subscriptions: this.#subscriptions, nextNonce });
    this.#subscriptions = plan.subscriptions;
    for (const response of plan.responses) {
      write(response);
      events.pushed(response.content.typeUrl);
    }
    if (plan.waiting) this.#waitForAnswers();
    if (!this.#converged && isInSync({ ...inputs, subscriptions: this.#subscriptions })) {
      this.#converged = true;
      events.converged(clock.now() - this.#targetSinceMs);
    }
  }

  #waitForAnswers(): void {
    const patience = new AbortController();
    this.#patience = patience;
    this.#ports.clock.sleep(PATIENCE_MS, patience.signal).then(
      () => this.#push(true),
      () => undefined, // answered, or closed
    );
  }
}
