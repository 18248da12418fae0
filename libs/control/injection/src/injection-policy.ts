import { selects, type Pod } from "@bookmesh/kube-api";
import type { InjectorValues } from "./injector-values.ts";

/** The name of the sidecar's container; tools find a sidecar by it. */
export const PROXY_CONTAINER = "istio-proxy";
/** The annotation that tells what was injected. */
export const STATUS_ANNOTATION = "sidecar.istio.io/status";
const INJECT = "sidecar.istio.io/inject";
const YES = new Set(["true", "y", "yes", "on"]);

/** The annotation that says what a pod is to become. */
export const TEMPLATES_ANNOTATION = "inject.istio.io/templates";

/** Says whether a pod's container `istio-proxy` is to become a gateway, rather than that a sidecar joins the pod. */
export function asksForGateway({ metadata }: Pod): boolean {
  return metadata.annotations?.[TEMPLATES_ANNOTATION]?.trim() === "gateway";
}

/** Why a pod gets no sidecar. */
export interface Exclusion {
  /** A sentence. */
  readonly reason: string;
  /** Whether the pod's author may have expected otherwise. */
  readonly isSurprising: boolean;
}

/** Where a pod is made, and what the installation says of it. */
export interface PolicyInputs {
  readonly namespace: string;
  readonly systemNamespace: string;
  readonly values: InjectorValues;
}

/**
 * Why a pod gets no sidecar; `undefined` where it gets one. The order is Istio's.
 *
 * The webhook's selectors have matched the namespace's label already. They are not asked again: what istiod has heard
 * of the namespace may be older than what the API server decided by.
 */
export function exclusionOf(pod: Pod, inputs: PolicyInputs): Exclusion | undefined {
  const { namespace, systemNamespace, values } = inputs;
  const { labels = {}, annotations } = pod.metadata;
  // The label is newer than the annotation and goes before it.
  const asked = labels[INJECT] ?? annotations?.[INJECT] ?? "";
  if (asked !== "" && !YES.has(asked.toLowerCase())) return unsurprising(`The pod opts out by ${INJECT}.`);
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const isInjected = annotations?.[STATUS_ANNOTATION] !== undefined;
  const hasProxy = containers.some(({ name }) => name === PROXY_CONTAINER) && !asksForGateway(pod);
  if (isInjected || hasProxy) return unsurprising("The pod has a sidecar already.");
  if (namespace === systemNamespace || namespace.startsWith("kube-"))
    return surprising(`Pods of namespace ${namespace} never get a sidecar.`);
  if (pod.spec.hostNetwork === true)
    return surprising("The pod uses its node's network (hostNetwork), which a sidecar cannot share.");
  if (asked === "" && values.neverInjectSelector.some((selector) => selects(selector, labels)))
    return unsurprising("The pod's labels match neverInjectSelector.");
  return undefined;
}

function surprising(reason: string): Exclusion {
  return { reason, isSurprising: true };
}

function unsurprising(reason: string): Exclusion {
  return { reason, isSurprising: false };
}
