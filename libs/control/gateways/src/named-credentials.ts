import type { Pod } from "@bookmesh/kube-api";
import type { Gateway } from "@bookmesh/mesh-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import { selectsLabels } from "./served-gateways.ts";

/** A Secret that some gateway needs. */
export interface CredentialName {
  readonly namespace: string;
  readonly name: string;
}

/** The Secrets that Gateways name, in the namespaces of the pods that they select: those, and no others, are read. */
export function namedCredentials({
  gateways,
  pods,
}: Pick<MeshSnapshot, "gateways" | "pods">): readonly CredentialName[] {
  const found = new Map<string, CredentialName>();
  for (const gateway of gateways) {
    const names = credentialsOf(gateway);
    const namespaces = names.length === 0 ? [] : namespacesOf(gateway, pods);
    for (const namespace of namespaces)
      for (const name of names) found.set(`${namespace}/${name}`, { namespace, name });
  }
  return [...found.values()];
}

/** The namespaces of the pods that a Gateway selects. */
export function namespacesOf(gateway: Gateway, pods: readonly Pod[]): readonly string[] {
  if (Object.keys(gateway.spec.selector ?? {}).length === 0) return [];
  const selected = pods.filter(({ metadata }) => selectsLabels(gateway, metadata.labels ?? {}));
  return [...new Set(selected.map(({ metadata }) => metadata.namespace ?? "default"))];
}

function credentialsOf({ spec }: Gateway): readonly string[] {
  const names = (spec.servers ?? []).map(({ tls }) => tls?.credentialName);
  return [...new Set(names.filter((name) => name !== undefined))];
}
