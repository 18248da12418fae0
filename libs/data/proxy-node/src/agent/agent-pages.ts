import type { Page, Reply } from "../admin/small-server.ts";
import { askApplication } from "./app-probe.ts";
import type { PodEnvironment } from "./pod-environment.ts";

/** Below this path stand the application's own probes, as the injector rewrote them. */
const APP_HEALTH = "/app-health/";

/** What the kubelet asks the sidecar for: may the pod have traffic? */
export function healthPages(isReady: () => boolean): ReadonlyMap<string, Page> {
  const answer = (): Reply => (isReady() ? { body: "" } : { status: 503, body: "not ready\n" });
  return new Map([["/healthz/ready", { method: "GET", answer }]]);
}

/** The page that Prometheus scrapes. */
export function metricsPages(metrics: () => Reply): ReadonlyMap<string, Page> {
  return new Map([["/stats/prometheus", { method: "GET", answer: metrics }]]);
}

/** Passes a probe on to the application, which the kubelet cannot ask itself. */
export async function passProbe(
  { probers, probeTarget }: Pick<PodEnvironment, "probers" | "probeTarget">,
  path: string,
): Promise<Reply> {
  const probe = path.startsWith(APP_HEALTH) ? probers.get(path) : undefined;
  if (!probe) return { status: 404, body: `No probe of the application is known as ${path}.\n` };
  return askApplication(probe, probeTarget);
}
