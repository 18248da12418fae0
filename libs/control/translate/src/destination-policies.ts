import { byIdentity, lastCall } from "@bookmesh/kernel";
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
  /** The very same object where it was made of the very same rules. */
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

/** Indexes DestinationRules, of one snapshot after the other. */
export function destinationPolicies(): (
  rules: readonly DestinationRule[],
  rootNamespace: string,
) => DestinationPolicies {
  const merge = byIdentity(mergeRules);
  return lastCall((rules, rootNamespace) => policiesOf(rules, rootNamespace, merge));
}

/**
 * Indexes DestinationRules by namespace. For one service the rules of the first namespace that has any are taken:
 * the caller's, the service's, the mesh's root. Among them the most specific host wins; rules of one host merge:
 * all of their subsets, the traffic policy of the oldest that has one.
 *
 * Source: Istio, "Destination Rule", and istiod's `destinationRule` look-up.
 */
function policiesOf(
  rules: readonly DestinationRule[],
  rootNamespace: string,
  merge: typeof mergeRules,
): DestinationPolicies {
  const ordered = [...rules].sort(compareAge).map(indexed);
  const byNamespace = new Map(
    [...Map.groupBy(ordered, ({ namespace }) => namespace)].map(([key, own]) => [key, byHost(own)]),
  );
  return {
    policyFor({ host, namespace: own }, clientNamespace) {
      for (const namespace of new Set([clientNamespace, own, rootNamespace])) {
        const found = byNamespace.get(namespace)?.find(host, clientNamespace) ?? [];
        if (found.length > 0) return merge(...found.map(({ rule }) => rule));
      }
      return NO_POLICY;
    },
  };
}

function indexed(rule: DestinationRule): IndexedRule {
  const namespace = namespaceOf(rule);
  return { rule, namespace, host: resolveHost(rule.spec.host, namespace) };
}

/** The rules of one namespace: exact hosts by name, wildcards from the most specific one on. */
function byHost(rules: readonly IndexedRule[]) {
  const groups = Map.groupBy(rules, ({ host }) => host);
  const wildcards = [...groups].filter(([host]) => host.startsWith("*"));
  wildcards.sort(([one], [other]) => compareSpecificity(one, other));
  return {
    find(host: string, clientNamespace: string): readonly IndexedRule[] {
      const candidates = [
        groups.get(host) ?? [],
        ...wildcards.filter(([pattern]) => coversHost(pattern, host)).map(([, group]) => group),
      ];
      const visible = candidates.map((group) => group.filter(isVisibleFrom(clientNamespace)));
      return visible.find((group) => group.length > 0) ?? [];
    },
  };
}

function isVisibleFrom(clientNamespace: string): (rule: IndexedRule) => boolean {
  return ({ rule, namespace }) => isExported(rule.spec.exportTo, namespace, clientNamespace);
}

function mergeRules(...rules: readonly DestinationRule[]): DestinationPolicy {
  const subsets = new Map<string, Subset>();
  for (const subset of rules.flatMap(({ spec }) => spec.subsets ?? [])) {
    if (!subsets.has(subset.name)) subsets.set(subset.name, subset);
  }
  const [oldest] = rules;
  return {
    rule: oldest && rulePath("destination-rule", namespaceOf(oldest), oldest.metadata.name),
    trafficPolicy: rules.find(({ spec }) => spec.trafficPolicy !== undefined)?.spec.trafficPolicy,
    subsets: [...subsets.values()],
  };
}

function namespaceOf({ metadata }: DestinationRule): string {
  return metadata.namespace ?? "default";
}
