import type { DestinationRule, Subset, TrafficPolicy } from "@bookmesh/mesh-api";
import { compareSpecificity, coversHost, resolveHost } from "./host-name.ts";
import { isExported } from "./mesh-service.ts";
import { rulePath } from "./names.ts";
import { compareAge } from "./rule-order.ts";

/** What DestinationRules say about one service, for the callers of one namespace. */
export interface DestinationPolicy {
  /** The oldest rule of those that were merged. */
  readonly rule: string | undefined;
  readonly trafficPolicy: TrafficPolicy | undefined;
  readonly subsets: readonly Subset[];
}

/** Finds the DestinationRules of services. */
export interface DestinationPolicies {
  policyFor(
    service: { readonly host: string; readonly namespace: string },
    clientNamespace: string,
  ): DestinationPolicy;
}

const NO_POLICY: DestinationPolicy = { rule: undefined, trafficPolicy: undefined, subsets: [] };

interface IndexedRule {
  readonly rule: DestinationRule;
  readonly host: string;
  readonly namespace: string;
}

/**
 * Indexes DestinationRules by namespace. For one service the rules of the first namespace that has any are taken:
 * the caller's, the service's, the mesh's root. Among them the most specific host wins; rules of one host merge:
 * all of their subsets, the traffic policy of the oldest that has one.
 *
 * Source: Istio, "Destination Rule", and istiod's `destinationRule` look-up.
 */
export function destinationPolicies(
  rules: readonly DestinationRule[],
  rootNamespace: string,
): DestinationPolicies {
  const byNamespace = Map.groupBy([...rules].sort(compareAge).map(indexed), ({ namespace }) => namespace);
  return {
    policyFor(service, clientNamespace) {
      for (const namespace of new Set([clientNamespace, service.namespace, rootNamespace])) {
        const visible = (byNamespace.get(namespace) ?? []).filter(
          ({ rule, host }) =>
            coversHost(host, service.host) && isExported(rule.spec.exportTo, namespace, clientNamespace),
        );
        if (visible.length > 0) return merge(visible);
      }
      return NO_POLICY;
    },
  };
}

function indexed(rule: DestinationRule): IndexedRule {
  const namespace = rule.metadata.namespace ?? "default";
  return { rule, namespace, host: resolveHost(rule.spec.host, namespace) };
}

function merge(candidates: readonly IndexedRule[]): DestinationPolicy {
  const [best] = [...candidates].sort((one, other) => compareSpecificity(one.host, other.host));
  if (best === undefined) return NO_POLICY;
  const merged = candidates.filter(({ host }) => host === best.host).map(({ rule }) => rule);
  const subsets = new Map<string, Subset>();
  for (const subset of merged.flatMap(({ spec }) => spec.subsets ?? [])) {
    if (!subsets.has(subset.name)) subsets.set(subset.name, subset);
  }
  return {
    rule: rulePath("destination-rule", best.namespace, best.rule.metadata.name),
    trafficPolicy: merged.find(({ spec }) => spec.trafficPolicy !== undefined)?.spec.trafficPolicy,
    subsets: [...subsets.values()],
  };
}
