import type { Any } from "@bufbuild/protobuf/wkt";
import { describeIssues, type ConfigIssue } from "@bookmesh/kernel";
import { findByBytes } from "./known-resources.ts";
import type { DecodePorts, ResourceType } from "./resource-types.ts";
import { newSubscription, settle, type Subscription, type SubscriptionRequest } from "./subscription.ts";

/** A resource that the proxy took over. */
export interface AcceptedResource<Spec> {
  readonly versionInfo: string;
  readonly lastUpdatedMs: number;
  /** As it came, for whoever asks what is configured. */
  readonly any: Any;
  readonly spec: Spec;
}

/** A resource that the proxy refused; the one before it stays. */
export interface RejectedResource {
  readonly versionInfo: string;
  readonly lastUpdateAttemptMs: number;
  readonly any: Any;
  readonly details: string;
}

/** Everything known of one kind of resource. */
export interface ResourceSet<Spec> {
  readonly subscription: Subscription;
  /** True once a response was accepted; of certificates: since their names changed last. */
  readonly isAnswered: boolean;
  readonly accepted: ReadonlyMap<string, AcceptedResource<Spec>>;
  /** Of the last response, where it was refused. */
  readonly rejected: ReadonlyMap<string, RejectedResource>;
}

/** A response of the control plane, as far as it matters here. */
export interface DiscoveryAnswer {
  readonly typeUrl: string;
  readonly versionInfo: string;
  readonly nonce: string;
  readonly resources: readonly Any[];
}

/** What decoding needs besides the response. */
export interface ReceivePorts extends DecodePorts {
  readonly nowMs: number;
}

/** Nothing known yet. */
export function emptyResourceSet<Spec>(typeUrl: string): ResourceSet<Spec> {
  return {
    subscription: newSubscription(typeUrl),
    isAnswered: false,
    accepted: new Map(),
    rejected: new Map(),
  };
}

/**
 * Takes a response over as a whole or not at all (or what is good of it, where resources stand alone), and says which. A resource whose bytes are the same as before stays
 * the same object, so that what was built from it can stay as well.
 */
export function receiveInto<Spec>(
  set: ResourceSet<Spec>,
  answer: DiscoveryAnswer,
  { type, nowMs, ...ports }: ReceivePorts & { readonly type: ResourceType<Spec> },
): readonly [ResourceSet<Spec>, SubscriptionRequest] {
  const accepted = new Map<string, AcceptedResource<Spec>>(type.isWhole ? [] : set.accepted);
  const rejected = new Map<string, RejectedResource>();
  const issues: ConfigIssue[] = [];
  const seen = new Set<string>();
  const { versionInfo } = answer;
  const find = findByBytes(set.accepted);
  for (const any of answer.resources) {
    const known = find(any);
    const { name, result } = known
      ? { name: known[0], result: { ok: true, value: known[1].spec } as const }
      : type.decode(any, ports);
    const found = result.ok ? twinIssues(name, seen) : result.error;
    seen.add(name);
    issues.push(...found);
    if (found.length > 0)
      rejected.set(name, { versionInfo, lastUpdateAttemptMs: nowMs, any, details: describeIssues(found) });
    else if (result.ok)
      accepted.set(name, known?.[1] ?? { versionInfo, lastUpdatedMs: nowMs, any, spec: result.value });
  }
  const [subscription, request] = settle(set.subscription, answer, issues);
  const isTaken = issues.length === 0 || type.standsAlone === true;
  const next = isTaken
    ? { subscription, isAnswered: true, accepted, rejected }
    : { ...set, subscription, rejected };
  return [next, request];
}

function twinIssues(name: string, seen: ReadonlySet<string>): readonly ConfigIssue[] {
  return seen.has(name)
    ? [{ path: `resources[${name}]`, problem: "must not come twice in one response" }]
    : [];
}
