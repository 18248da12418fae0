import { SECRET_TYPE_URL, TYPE_URLS } from "@bookmesh/xds-api";
import type { Counter, Histogram, Metrics } from "./metrics.ts";

/** What the control plane counts; the names are istiod's. */
export interface ControlPlaneMetrics {
  readonly pushes: Counter;
  readonly rejects: Counter;
  /** Seconds from a change of the mesh until a proxy has accepted everything. */
  readonly convergence: Histogram;
  readonly refusedStreams: Counter;
  readonly injections: Counter;
  readonly validationsPassed: Counter;
  readonly validationsFailed: Counter;
}

const CONVERGENCE_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 3, 5, 10, 20, 30] as const;

/** Registers them. */
export function controlPlaneMetrics(metrics: Metrics, version: string): ControlPlaneMetrics {
  const labels = { component: "pilot", tag: version };
  metrics.gauge({ name: "istio_build", help: "The version that runs.", labels }, () => 1);
  metrics.gauge({ name: "process_resident_memory_bytes", help: "Memory that the process has." }, () =>
    process.memoryUsage.rss(),
  );
  return {
    pushes: metrics.counter("pilot_xds_pushes", "Responses sent to proxies, by type."),
    rejects: metrics.counter("pilot_total_xds_rejects", "Responses that proxies refused, by type."),
    convergence: metrics.histogram(
      "pilot_proxy_convergence_time",
      "Seconds from a change of the mesh until a proxy has accepted everything.",
      CONVERGENCE_SECONDS,
    ),
    refusedStreams: metrics.counter("pilot_xds_refused_streams", "Streams refused for want of identity."),
    injections: metrics.counter("sidecar_injection_requests_total", "Pods seen by the injector, by outcome."),
    validationsPassed: metrics.counter(
      "galley_validation_passed",
      "Objects that passed validation, by kind.",
    ),
    validationsFailed: metrics.counter("galley_validation_failed", "Objects that were refused, by kind."),
  };
}

/** The short name of a type, as istiod's metrics have it. */
export function shortType(typeUrl: string): string {
  const names: Readonly<Record<string, string>> = {
    [TYPE_URLS.cluster]: "cds",
    [TYPE_URLS.endpoint]: "eds",
    [TYPE_URLS.listener]: "lds",
    [TYPE_URLS.route]: "rds",
    [SECRET_TYPE_URL]: "sds",
  };
  return names[typeUrl] ?? "other";
}
