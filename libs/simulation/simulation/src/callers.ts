import type { Pod } from "@bookmesh/kube-api";
import type { MeshSnapshot, ProxyView } from "@bookmesh/translate";

/** The address of a caller that is no pod of the world. */
const ANYBODY_IP = "127.15.0.1";
const WILDCARDS = ["0.0.0.0"];
/** The label of the proxies at the edge of the mesh, by its value: `ingressgateway`. */
const GATEWAY_LABEL = "istio";

/**
 * The proxy of a pod: by the pod's name, its workload's (`rating-v1` of `rating-v1-5b4…`), or `ingress` for the
 * gateway of that label. `undefined` where there is none. Without a name it is anybody's in the namespace.
 */
export function callerOf(
  world: MeshSnapshot,
  { name, namespace }: { readonly name?: string | undefined; readonly namespace: string },
): ProxyView | undefined {
  if (name === undefined) return viewOf({ namespace, labels: {}, podIp: ANYBODY_IP }, world);
  if (name === "ingress" || name === "istio-ingressgateway") return gatewayView(world);
  const here = world.pods.filter((pod) => (pod.metadata.namespace ?? "default") === namespace);
  const pod =
    here.find(({ metadata }) => metadata.name === name) ??
    here.find(({ metadata }) => metadata.name.startsWith(`${name}-`));
  return pod && viewOf(factsOf(pod), world);
}

function gatewayView(world: MeshSnapshot): ProxyView | undefined {
  const pod = world.pods.find(({ metadata }) => metadata.labels?.[GATEWAY_LABEL] === "ingressgateway");
  return pod && { ...viewOf(factsOf(pod), world), role: "router" };
}

type PodFacts = Pick<ProxyView, "namespace" | "labels" | "podIp">;

function factsOf({ metadata, status }: Pod): PodFacts {
  const { namespace = "default", labels = {} } = metadata;
  return { namespace, labels, podIp: status?.podIP ?? ANYBODY_IP };
}

function viewOf(facts: PodFacts, { meshConfig }: MeshSnapshot): ProxyView {
  const isRedirected = meshConfig.defaultConfig.interceptionMode !== "NONE";
  return { ...facts, applicationAddress: "127.0.0.1", ...(isRedirected && { wildcards: WILDCARDS }) };
}
