import { omit } from "@bookmesh/mesh-world";
import { TYPE_URLS } from "@bookmesh/xds-api";
import type { TypedResources } from "@bookmesh/translate";

/** A client's word on a type: a subscription, an ACK or a NACK. Source: Envoy, "xDS REST and gRPC protocol". */
export interface AdsRequest {
  readonly typeUrl: string;
  readonly resourceNames: ReadonlySet<string>;
  readonly versionInfo: string;
  readonly responseNonce: string;
  /** Present in a NACK: why the client refused. */
  readonly errorMessage?: string;
}

/** A refusal that the client has not taken back by accepting something newer. */
export interface Rejection {
  readonly version: string;
  readonly message: string;
  readonly atMs: number;
}

/** One resource type's place in a stream, as the server sees it. */
export interface Subscription {
  readonly typeUrl: string;
  readonly names: ReadonlySet<string> | "all";
  /** Set by a request that wants an answer even where the content is what was sent before. */
  readonly owed: boolean;
  /**
   * What this type completes has been sent in a new form since its last response (clusters before endpoints, listeners
   * before routes). The next request is then a client's that warms them: it wants an answer although it names nothing
   * new.
   * Source: Envoy, "Cluster warming".
   */
  readonly completes: boolean;
  /** The last response, accepted or not; absent before the first. */
  readonly sent?: { readonly content: TypedResources; readonly nonce: string; readonly atMs: number };
  /** Whether the last response still waits for its ACK or NACK. */
  readonly pending: boolean;
  /** The nonce and version of the last accepted response; "" before the first. */
  readonly ackedNonce: string;
  readonly ackedVersion: string;
  readonly rejection?: Rejection;
}

/** What a request turned out to be. */
export type RequestMeaning = "subscribe" | "ack" | "nack" | "stale";

/**
 * Takes a request into account.
 *
 * The first request of a type subscribes whatever its nonce says: a client that comes back after a lost stream
 * still carries the old one, and istioctl sends the time of day. A nonce that is not the last one is an answer
 * to a response that a newer one has overtaken; it changes nothing.
 */
export function receive(
  before: Subscription | undefined,
  request: AdsRequest,
  nowMs: number,
): readonly [Subscription, RequestMeaning] {
  if (before?.sent === undefined) return [subscribed(before, request), "subscribe"];
  if (request.responseNonce !== before.sent.nonce) return [before, "stale"];
  const rest = omit(before, "rejection");
  const names = namesOf(before, request);
  const owed = before.owed || adds(names, before.names) || (before.completes && !before.pending);
  if (request.errorMessage !== undefined) {
    const version = before.sent.content.version;
    const rejection = { version, message: request.errorMessage, atMs: nowMs };
    return [{ ...rest, names, owed, pending: false, rejection }, "nack"];
  }
  const acked = { ackedNonce: before.sent.nonce, ackedVersion: before.sent.content.version };
  // A client may change its names later by repeating its ACK; that does not take a rejection back.
  const repeated = !before.pending && before.rejection !== undefined;
  if (repeated) return [{ ...before, names, owed }, "subscribe"];
  return [{ ...rest, names, owed, pending: false, ...acked }, before.pending ? "ack" : "subscribe"];
}

/** Notes that `content` goes out under `nonce`. */
export function sending(
  before: Subscription,
  content: TypedResources,
  at: { readonly nonce: string; readonly nowMs: number },
): Subscription {
  return {
    ...before,
    owed: false,
    completes: false,
    pending: true,
    sent: { content, nonce: at.nonce, atMs: at.nowMs },
  };
}

function subscribed(before: Subscription | undefined, request: AdsRequest): Subscription {
  return {
    typeUrl: request.typeUrl,
    names: namesOf(before, request),
    owed: true,
    completes: false,
    pending: false,
    ackedNonce: "",
    ackedVersion: "",
  };
}

/** The types whose resources a client need not know by name. */
const WILDCARD_TYPES: ReadonlySet<string> = new Set([TYPE_URLS.cluster, TYPE_URLS.listener]);

/** An empty list means everything, until a client has once named what it wants; "*" always does. */
function namesOf(
  before: Subscription | undefined,
  { typeUrl, resourceNames }: AdsRequest,
): Subscription["names"] {
  if (!WILDCARD_TYPES.has(typeUrl)) return resourceNames;
  if (resourceNames.has("*")) return "all";
  if (resourceNames.size > 0) return resourceNames;
  return before === undefined || before.names === "all" ? "all" : new Set();
}

function adds(after: Subscription["names"], before: Subscription["names"]): boolean {
  if (before === "all" || after === before) return false;
  if (after === "all") return true;
  return [...after].some((name) => !before.has(name));
}
