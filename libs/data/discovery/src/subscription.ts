import { describeIssues, type ConfigIssue } from "@bookmesh/kernel";

/** One resource type's place in an ADS stream, as the client sees it. */
export interface Subscription {
  readonly typeUrl: string;
  /** Empty: all of them (listeners and clusters). */
  readonly resourceNames: readonly string[];
  /** The last version we accepted; "" before the first. It outlives streams. */
  readonly acceptedVersion: string;
  /** The nonce of the last response on this stream, accepted or not; "" before the first. */
  readonly lastNonce: string;
}

/** What the client says: a first request, an ACK, a NACK or a change of names. */
export interface SubscriptionRequest {
  readonly typeUrl: string;
  readonly resourceNames: readonly string[];
  readonly versionInfo: string;
  readonly responseNonce: string;
  /** Present in a NACK. */
  readonly errorDetail?: string;
}

/** Longer reasons are cut: they travel with every NACK and stand in status tables. */
const MAX_ERROR_DETAIL_LENGTH = 4_096;

/** A type that nothing was asked or heard of yet. */
export function newSubscription(typeUrl: string): Subscription {
  return { typeUrl, resourceNames: [], acceptedVersion: "", lastNonce: "" };
}

/**
 * Settles a response: an ACK when `issues` is empty, otherwise a NACK.
 *
 * Source: Envoy xDS protocol, "ACK" and "NACK". A NACK echoes the nonce it refuses together with the version it
 * keeps, which is how the server tells the two apart.
 */
export function settle(
  subscription: Subscription,
  response: { readonly versionInfo: string; readonly nonce: string },
  issues: readonly ConfigIssue[],
): readonly [Subscription, SubscriptionRequest] {
  const accepted = issues.length === 0;
  const next: Subscription = {
    ...subscription,
    acceptedVersion: accepted ? response.versionInfo : subscription.acceptedVersion,
    lastNonce: response.nonce,
  };
  return [next, requestFor(next, issues)];
}

/** What the subscription says on its stream now; with `issues` it is a NACK. */
export function requestFor(
  subscription: Subscription,
  issues: readonly ConfigIssue[] = [],
): SubscriptionRequest {
  const { typeUrl, resourceNames, acceptedVersion, lastNonce } = subscription;
  return {
    typeUrl,
    resourceNames,
    versionInfo: acceptedVersion,
    responseNonce: lastNonce,
    ...(issues.length > 0 && { errorDetail: describeIssues(issues).slice(0, MAX_ERROR_DETAIL_LENGTH) }),
  };
}
