import type { ConfigIssue } from "@bookmesh/kernel";
import type { KubeObject } from "@bookmesh/kube-api";
import type { DestinationRule, VirtualService } from "@bookmesh/mesh-api";
import { destinationRuleWarnings } from "./destination-rule-warnings.ts";
import { meshIndex, type MeshIndex } from "./mesh-index.ts";
import type { MeshSnapshot } from "./mesh-snapshot.ts";
import { rulesByHost, virtualServiceWarnings, type RulesByHost } from "./virtual-service-warnings.ts";

/**
 * What a rule names that is not there: hosts, ports, subsets, pods. None of it is an error, since what is missing may
 * come later; until then calls of just that route fail. Objects of other kinds, and those that validation refuses,
 * have no warnings here.
 */
export function referenceWarnings(object: KubeObject, world: MeshSnapshot): readonly ConfigIssue[] {
  return referenceChecker(world)(object);
}

/** The same for many objects of one world, which is ordered for look-ups once, when the first object asks. */
export function referenceChecker(world: MeshSnapshot): (object: KubeObject) => readonly ConfigIssue[] {
  let ordered: { readonly index: MeshIndex; readonly rules: RulesByHost } | undefined;
  return (object) => {
    if (!isVirtualService(object) && !isDestinationRule(object)) return [];
    ordered ??= { index: meshIndex(world), rules: rulesByHost(world.virtualServices) };
    return isVirtualService(object)
      ? virtualServiceWarnings(object, ordered.index, ordered.rules)
      : destinationRuleWarnings(object, ordered.index);
  };
}

function isVirtualService(object: KubeObject): object is VirtualService {
  return object.kind === "VirtualService" && typeof object["spec"] === "object";
}

function isDestinationRule(object: KubeObject): object is DestinationRule {
  return object.kind === "DestinationRule" && typeof object["spec"] === "object";
}
