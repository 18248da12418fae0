import type { Pod } from "@bookmesh/kube-api";
import { REDIRECTION_ANNOTATIONS } from "./redirection.ts";

/** Annotations with these words before the slash are meant for us, or for what came before us. */
const OURS = /^(traffic\.sidecar|sidecar|proxy|inject|prometheus)\.istio\.io\//;
/** The annotations by which a pod changes its sidecar. */
export const POD_ANNOTATIONS: ReadonlySet<string> = new Set([
  ...REDIRECTION_ANNOTATIONS,
  ...[
    ...["inject", "interceptionMode", "nativeSidecar", "proxyImage", "rewriteAppHTTPProbers", "status"],
    ...["proxyCPU", "proxyCPULimit", "proxyMemory", "proxyMemoryLimit"],
  ].map((name) => `sidecar.istio.io/${name}`),
  "proxy.istio.io/config",
  "inject.istio.io/templates",
  "prometheus.istio.io/merge-metrics",
]);

/** A sentence for each annotation of a pod that looks as if it changed something, but does not. */
export function unknownAnnotations({ metadata }: Pod): readonly string[] {
  return Object.keys(metadata.annotations ?? {})
    .filter((name) => OURS.test(name) && !POD_ANNOTATIONS.has(name))
    .map((name) => `Annotation ${name} is not known and changes nothing.`);
}
