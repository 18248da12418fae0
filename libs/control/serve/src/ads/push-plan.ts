import { SECRET_TYPE_URL, TYPE_URLS } from "@bookmesh/xds-api";
import { typedResources, type ProxyResources, type TypedResources } from "@bookmesh/translate";
import type { ResourceSets } from "./resource-sets.ts";
import { sending, type Subscription } from "./subscription.ts";

/** A stream's subscriptions by type URL. */
export type Subscriptions = ReadonlyMap<string, Subscription>;

/** What a plan is made from. */
export interface PlanInputs {
  readonly subscriptions: Subscriptions;
  /** What the client should end up with. */
  readonly target: ProxyResources;
  /** Stops waiting for answers that do not come: what is due is sent, in order. */
  readonly impatient: boolean;
  readonly sets: ResourceSets;
  readonly nextNonce: () => string;
  readonly nowMs: number;
}

/** One response to send. */
export interface PlannedResponse {
  /** All that the client should have, or what it lacks of it. */
  readonly content: TypedResources;
  readonly nonce: string;
}

/** Make before break: what is referred to comes before what refers to it. */
const PUSH_ORDER = [
  TYPE_URLS.cluster,
  TYPE_URLS.endpoint,
  SECRET_TYPE_URL,
  TYPE_URLS.listener,
  TYPE_URLS.route,
] as const;
/** What a client asks for anew before it uses what the key's type has told it. */
const COMPLETED_BY: ReadonlyMap<string, string> = new Map([
  [TYPE_URLS.cluster, TYPE_URLS.endpoint],
  [TYPE_URLS.listener, TYPE_URLS.route],
]);
/**
 * The types of which a response need not hold everything: what is left out stays as it was. Source: Envoy, "How the
 * client specifies what resources to return" (all but clusters and listeners).
 */
const PARTIAL_TYPES: ReadonlySet<string> = new Set([TYPE_URLS.endpoint, TYPE_URLS.route]);
/** The types that refer to clusters. */
const REFERRERS: readonly string[] = [TYPE_URLS.listener, TYPE_URLS.route];

/** What a plan says. */
export interface Plan {
  readonly subscriptions: Subscriptions;
  readonly responses: readonly PlannedResponse[];
  /** Whether something is due that waits for an answer of the client. */
  readonly waiting: boolean;
}

/**
 * Decides which responses may go out now, and in which order.
 *
 * A type waits until those before it in `PUSH_ORDER` are settled: sent, and answered by ACK or NACK. Clusters are
 * removed last: as long as listeners and routes are not accepted the client gets the union of what it has and what it
 * should have. Source: Envoy, "Eventual consistency considerations".
 */
export function planResponses(inputs: PlanInputs): Plan {
  const subscriptions = new Map(inputs.subscriptions);
  const now = { ...inputs, subscriptions };
  const responses: PlannedResponse[] = [];
  let waiting = false;
  for (const typeUrl of PUSH_ORDER) {
    const subscription = subscriptions.get(typeUrl);
    const content = subscription && dueContent(subscription, now);
    if (subscription && content && waiting && !inputs.impatient) return { subscriptions, responses, waiting };
    if (subscription && content) {
      const nonce = inputs.nextNonce();
      responses.push({ content: lacking(subscription, content, inputs.sets), nonce });
      subscriptions.set(typeUrl, sending(subscription, content, { nonce, nowMs: inputs.nowMs }));
      const completing = subscriptions.get(COMPLETED_BY.get(typeUrl) ?? "");
      if (completing && changesKnown(subscription, content, inputs.sets))
        subscriptions.set(completing.typeUrl, { ...completing, completes: true });
    }
    waiting ||= !isSettled(typeUrl, now);
  }
  return { subscriptions, responses, waiting: false };
}

/**
 * What is sent to a client that should have `content`: what it lacks, where it is sure to have what it was sent and
 * warms nothing that waits for more.
 */
function lacking(
  { typeUrl, owed, completes, rejection, sent }: Subscription,
  content: TypedResources,
  sets: ResourceSets,
): TypedResources {
  const isWhole = !PARTIAL_TYPES.has(typeUrl) || owed || completes || rejection !== undefined;
  if (isWhole || sent === undefined) return content;
  const news = sets.news(sent.content, content);
  // Nobody answers a response that says nothing.
  return news.resources.size === 0 ? content : news;
}

/** Says whether the client gets something anew that it has in an older form: that is what it warms. */
function changesKnown({ sent }: Subscription, content: TypedResources, sets: ResourceSets): boolean {
  return sent !== undefined && sets.difference(sent.content, content).changed.length > 0;
}

/** Says whether a client has been told everything, and has accepted it. */
export function isInSync(inputs: SettledInputs): boolean {
  return [...inputs.subscriptions.values()].every(
    (subscription) => !subscription.owed && hasAccepted(subscription, inputs),
  );
}

type SettledInputs = Pick<PlanInputs, "subscriptions" | "target" | "sets">;

function dueContent(subscription: Subscription, inputs: SettledInputs): TypedResources | undefined {
  // One response of a type at a time: its answer tells what the client has.
  if (subscription.pending) return undefined;
  const content = wantedNow(subscription, inputs);
  return subscription.owed || subscription.sent?.content.version !== content.version ? content : undefined;
}

/** What the type should hold at this moment: for clusters the union, until nothing refers to the old ones. */
function wantedNow(subscription: Subscription, inputs: SettledInputs): TypedResources {
  const content = wanted(subscription, inputs);
  const had = subscription.sent?.content;
  if (subscription.typeUrl !== TYPE_URLS.cluster || had === undefined) return content;
  const { added, changed, gone } = inputs.sets.difference(had, content);
  if (gone.length === 0 || referrersAreSettled(inputs)) return content;
  return added.length === 0 && changed.length === 0 ? had : inputs.sets.union(had, content);
}

function wanted(
  { typeUrl, names }: Subscription,
  { target, sets }: Pick<PlanInputs, "target" | "sets">,
): TypedResources {
  const all = target.get(typeUrl);
  return all === undefined ? typedResources(typeUrl, []) : sets.select(all, names);
}

/** A client that refused a route configuration still uses its old one, and the clusters that it names. */
function referrersAreSettled(inputs: SettledInputs): boolean {
  return REFERRERS.every((typeUrl) => {
    const subscription = inputs.subscriptions.get(typeUrl);
    return subscription === undefined || hasAccepted(subscription, inputs);
  });
}

function hasAccepted(subscription: Subscription, inputs: SettledInputs): boolean {
  return !subscription.pending && subscription.ackedVersion === wanted(subscription, inputs).version;
}

/** Nothing of the type is under way, and the client has asked for the endpoints of all its clusters. */
function isSettled(typeUrl: string, inputs: SettledInputs): boolean {
  if (inputs.subscriptions.get(typeUrl)?.pending === true) return false;
  return typeUrl !== TYPE_URLS.endpoint || endpointsAreAskedFor(inputs);
}

/** An endpoint resource bears the name of its cluster. */
function endpointsAreAskedFor({ subscriptions, target, sets }: SettledInputs): boolean {
  const clusters = subscriptions.get(TYPE_URLS.cluster)?.sent?.content;
  const endpoints = target.get(TYPE_URLS.endpoint);
  if (clusters === undefined || endpoints === undefined) return true;
  const asked = subscriptions.get(TYPE_URLS.endpoint)?.names ?? NO_NAMES;
  return asked === "all" || sets.areNamed(endpoints, clusters, asked);
}

const NO_NAMES: ReadonlySet<string> = new Set();
