import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import { analyzerOf } from "../analyzer.ts";
import { isInjected } from "../world/injected-namespaces.ts";
import { namespaceOf } from "../world/namespace-of.ts";

const INJECT = "sidecar.istio.io/inject";
const PROXY_CONTAINER = "istio-proxy";

/** Finds pods that run without a sidecar although their namespace asks for one. */
export const missingSidecars = analyzerOf<Pod>([RESOURCES.pods], {
  name: "injection.PodAnalyzer",
  description: "Checks that running pods have the sidecar that their namespace asks for.",
  codes: ["IST0103"],
  examine: (pod, world) => {
    const { metadata, spec, status } = pod;
    // A pod in a file gets its sidecar when it is created.
    const isLive = metadata.uid !== undefined && status?.phase !== "Succeeded" && status?.phase !== "Failed";
    if (!isLive || isInjected(namespaceOf(pod), world) !== true) return [];
    const asked = metadata.labels?.[INJECT] ?? metadata.annotations?.[INJECT];
    if (asked?.toLowerCase() === "false" || spec.hostNetwork === true) return [];
    const containers = [...spec.containers, ...(spec.initContainers ?? [])];
    if (containers.some(({ name }) => name === PROXY_CONTAINER)) return [];
    const problem =
      "has no sidecar although its namespace asks for one: restart its workload, so that it gets one";
    return [{ code: "IST0103", path: "metadata.name", problem }];
  },
});
