import { routeNamesOf, secretNamesOf, type ListenerSpec } from "@bookmesh/proxy-config";
import { SECRET_TYPE_URL, TYPE_URLS } from "@bookmesh/xds-api";
import {
  emptyResourceSet,
  receiveInto,
  type DiscoveryAnswer,
  type ReceivePorts,
  type ResourceSet,
} from "./resource-set.ts";
import { RESOURCE_TYPES, kindOfTypeUrl, type ResourceKind, type SpecOfKind } from "./resource-types.ts";
import { requestFor, type Subscription, type SubscriptionRequest } from "./subscription.ts";

/** All that the proxy knows from its control plane. It outlives streams: the last configuration is kept for ever. */
export type DiscoveryState = { readonly [Kind in ResourceKind]: ResourceSet<SpecOfKind[Kind]> };

/** A state, and what is to be said because of it. */
export interface DiscoveryStep {
  readonly state: DiscoveryState;
  readonly requests: readonly SubscriptionRequest[];
}

/** Before the first stream. */
export function emptyDiscoveryState(): DiscoveryState {
  return {
    cluster: emptyResourceSet(TYPE_URLS.cluster),
    endpoint: emptyResourceSet(TYPE_URLS.endpoint),
    listener: emptyResourceSet(TYPE_URLS.listener),
    route: emptyResourceSet(TYPE_URLS.route),
    secret: emptyResourceSet(SECRET_TYPE_URL),
  };
}

/**
 * Opens a stream: every type says which version it has, without a nonce, since nonces belong to a stream. Clusters go
 * first, then what they need, then listeners and what they need; types without names wait until there are some.
 */
export function openStream(state: DiscoveryState): DiscoveryStep {
  const reset: DiscoveryState = {
    cluster: withoutNonce(state.cluster),
    endpoint: withoutNonce(state.endpoint),
    listener: withoutNonce(state.listener),
    route: withoutNonce(state.route),
    secret: withoutNonce(state.secret),
  };
  const wanted = [
    reset.cluster.subscription,
    ...[reset.endpoint.subscription].filter(hasNames),
    reset.listener.subscription,
    ...[reset.route.subscription, reset.secret.subscription].filter(hasNames),
  ];
  return { state: reset, requests: wanted.map((subscription) => requestFor(subscription)) };
}

/** Takes a response over or refuses it; new clusters and listeners lead to requests for what they need. */
export function receive(state: DiscoveryState, answer: DiscoveryAnswer, ports: ReceivePorts): DiscoveryStep {
  const kind = kindOfTypeUrl(answer.typeUrl);
  switch (kind) {
    case "cluster": {
      const [cluster, reply] = receiveInto(state.cluster, answer, { ...ports, type: RESOURCE_TYPES.cluster });
      const [endpoint, more] = resubscribe(state.endpoint, wantedEndpoints(cluster));
      return { state: { ...state, cluster, endpoint }, requests: [reply, ...more] };
    }
    case "endpoint": {
      const [endpoint, reply] = receiveInto(state.endpoint, answer, {
        ...ports,
        type: RESOURCE_TYPES.endpoint,
      });
      return { state: { ...state, endpoint }, requests: [reply] };
    }
    case "listener": {
      const [listener, reply] = receiveInto(state.listener, answer, {
        ...ports,
        type: RESOURCE_TYPES.listener,
      });
      const [route, moreRoutes] = resubscribe(state.route, wantedNames(listener, routeNamesOf));
      const [asked, moreSecrets] = resubscribe(state.secret, wantedNames(listener, secretNamesOf));
      const secret = moreSecrets.length > 0 ? { ...asked, isAnswered: false } : asked;
      const requests = [reply, ...moreRoutes, ...moreSecrets];
      return { state: { ...state, listener, route, secret }, requests };
    }
    case "route": {
      const [route, reply] = receiveInto(state.route, answer, { ...ports, type: RESOURCE_TYPES.route });
      return { state: { ...state, route }, requests: [reply] };
    }
    case "secret": {
      const [secret, reply] = receiveInto(state.secret, answer, { ...ports, type: RESOURCE_TYPES.secret });
      return { state: { ...state, secret }, requests: [reply] };
    }
    case undefined:
      return { state, requests: [] }; // Nobody asked for that type.
  }
}

function withoutNonce<Spec>(set: ResourceSet<Spec>): ResourceSet<Spec> {
  return { ...set, subscription: { ...set.subscription, lastNonce: "" } };
}

function wantedEndpoints({ accepted }: DiscoveryState["cluster"]): readonly string[] {
  const names = [...accepted.values()].flatMap(({ spec: { source } }) =>
    source.kind === "discovered" ? [source.serviceName] : [],
  );
  return [...new Set(names)].sort();
}

function hasNames({ resourceNames }: Subscription): boolean {
  return resourceNames.length > 0;
}

function wantedNames(
  { accepted }: DiscoveryState["listener"],
  namesOf: (spec: ListenerSpec) => readonly string[],
): readonly string[] {
  const names = [...accepted.values()].flatMap(({ spec }) => namesOf(spec));
  return [...new Set(names)].sort();
}

/** Changes the names of a subscription; says so only when they changed. What is not wanted any more is forgotten. */
function resubscribe<Spec>(
  set: ResourceSet<Spec>,
  names: readonly string[],
): readonly [ResourceSet<Spec>, readonly SubscriptionRequest[]] {
  const known = set.subscription.resourceNames;
  if (names.length === known.length && names.every((name, index) => name === known[index])) return [set, []];
  const subscription = { ...set.subscription, resourceNames: names };
  const wanted = new Set(names);
  const accepted = new Map([...set.accepted].filter(([name]) => wanted.has(name)));
  return [{ ...set, subscription, accepted }, [requestFor(subscription)]];
}
