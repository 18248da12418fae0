import { byIdentity, hasSame, lastCall } from "@bookmesh/kernel";
import type { DestinationPolicies, DestinationPolicy } from "./destination-policies.ts";
import { isServiceVisible, type MeshService } from "./mesh-service.ts";

/** A service, and what DestinationRules say of it to callers of some namespace. */
export interface CalledService {
  readonly service: MeshService;
  readonly policy: DestinationPolicy;
}

/**
 * Finds the services that callers of a namespace may call, the oldest first. Namespaces that may call the same in the
 * same way have the very same list.
 */
export function calledServices(): (
  services: readonly MeshService[],
  policies: DestinationPolicies,
) => (namespace: string) => readonly CalledService[] {
  const called = byIdentity((service: MeshService, policy: DestinationPolicy) => ({ service, policy }));
  return lastCall((services, policies) => {
    const lists = new Map<string, readonly CalledService[]>();
    return (namespace) => {
      const known = lists.get(namespace);
      if (known) return known;
      const own = services
        .filter((service) => isServiceVisible(service, namespace))
        .map((service) => called(service, policies.policyFor(service, namespace)));
      const list = [...lists.values()].find((other) => hasSame(own, other)) ?? own;
      lists.set(namespace, list);
      return list;
    };
  });
}
