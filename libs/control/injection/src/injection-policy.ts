import type { Pod } from "@bookmesh/kube-api";

/** The name of the sidecar's container; tools find a sidecar by it. */
export const PROXY_CONTAINER = "istio-proxy";
/** The annotation that tells what was injected. */
export const STATUS_ANNOTATION = "sidecar.istio.io/status";
const INJECT = "sidecar.istio.io/inject";

/**
 * Why a pod gets no sidecar; `undefined` where it gets one.
 *
 * The webhook's selectors have matched the namespace's label already. They are not asked again: what istiod has heard
 * of the namespace may be older than what the API server decided by.
 */
export function refusalToInject(pod: Pod, namespace: string, systemNamespace: string): string | undefined {
  const { labels, annotations } = pod.metadata;
  if (namespace === systemNamespace || namespace.startsWith("kube-"))
    return `Pods of namespace ${namespace} never get a sidecar.`;
  if (pod.spec.hostNetwork === true) return "The pod uses its node's network, which a sidecar cannot share.";
  // The label is newer than the annotation and goes before it, as in Istio.
  if ((labels?.[INJECT] ?? annotations?.[INJECT]) === "false") return `The pod opts out by ${INJECT}.`;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const injected = annotations?.[STATUS_ANNOTATION] !== undefined;
  if (injected || containers.some(({ name }) => name === PROXY_CONTAINER))
    return "The pod has a sidecar already.";
  return undefined;
}
