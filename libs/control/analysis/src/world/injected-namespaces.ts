import type { Surroundings } from "./surroundings.ts";

/** The labels of a namespace by which its pods get sidecars. */
export const INJECTION_LABEL = "istio-injection";
/** The same, by the revision of the control plane. */
export const REVISION_LABEL = "istio.io/rev";

/** Says whether a namespace is Kubernetes' or the mesh's own, where there are never sidecars. */
export function isSystemNamespace(name: string, { snapshot }: Surroundings): boolean {
  return (
    name.startsWith("kube-") || name === "local-path-storage" || name === snapshot.meshConfig.rootNamespace
  );
}

/** Says whether the pods of a namespace get sidecars; `undefined` where nothing is known of it. */
export function isInjected(name: string, world: Surroundings): boolean | undefined {
  if (isSystemNamespace(name, world)) return false;
  const namespace = world.namespaces.get(name);
  if (namespace === undefined) return undefined;
  const { labels = {} } = namespace.metadata;
  const asked = labels[INJECTION_LABEL];
  return asked === undefined ? labels[REVISION_LABEL] !== undefined : asked === "enabled";
}
