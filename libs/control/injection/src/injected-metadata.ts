import type { Pod } from "@bookmesh/kube-api";
import { AGENT_PORT } from "./application-probes.ts";
import { PROXY_CONTAINER, STATUS_ANNOTATION } from "./injection-policy.ts";
import { INIT_CONTAINER } from "./init-container.ts";
import type { PodSettings } from "./pod-settings.ts";
import { sidecarVolumes } from "./sidecar-volumes.ts";
import { canonicalService } from "./workload.ts";

/** The labels of an injected pod: its own, and the names under which telemetry gathers it. */
export function injectedLabels(pod: Pod): Readonly<Record<string, string>> {
  const { name, revision } = canonicalService(pod);
  return {
    ...pod.metadata.labels,
    "service.istio.io/canonical-name": name,
    "service.istio.io/canonical-revision": revision,
  };
}

/** The annotations of an injected pod: its own, which container is meant by default, and what was injected. */
export function injectedAnnotations(
  pod: Pod,
  settings: PodSettings,
  revision: string,
): Readonly<Record<string, string>> {
  const own = pod.metadata.annotations ?? {};
  const main = pod.spec.containers[0]?.name ?? "";
  const scrapesSidecar = settings.mergesMetrics && own["prometheus.io/scrape"] !== "false";
  return {
    "kubectl.kubernetes.io/default-container": main,
    "kubectl.kubernetes.io/default-logs-container": main,
    ...own,
    ...(scrapesSidecar && {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": String(AGENT_PORT),
      "prometheus.io/path": "/stats/prometheus",
    }),
    "istio.io/rev": revision,
    [STATUS_ANNOTATION]: JSON.stringify(statusOf(settings, revision)),
  };
}

function statusOf({ interceptionMode, isNative }: PodSettings, revision: string): object {
  const initContainers = [
    ...(interceptionMode === "REDIRECT" ? [INIT_CONTAINER] : []),
    ...(isNative ? [PROXY_CONTAINER] : []),
  ];
  return {
    initContainers: initContainers.length > 0 ? initContainers : null,
    containers: isNative ? null : [PROXY_CONTAINER],
    volumes: sidecarVolumes().map(({ name }) => name),
    imagePullSecrets: null,
    revision,
  };
}
