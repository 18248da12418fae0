import type { MeshIndex } from "./mesh-index.ts";
import type { ProxyView } from "./proxy-view.ts";

/** What outbound configuration depends on: proxies that agree here share all of it, byte for byte. */
export interface OutboundView {
  readonly namespace: string;
  /** The labels that rules ask about, and no others. */
  readonly labels: Readonly<Record<string, string>>;
  /** As in `ProxyView`; empty where nothing is redirected. */
  readonly wildcards: readonly string[];
}

/** The outbound view of a proxy. */
export function outboundView(
  { namespace, labels, wildcards = [] }: ProxyView,
  { askedLabels }: MeshIndex,
): OutboundView {
  const asked = askedLabels.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { namespace, labels: Object.fromEntries(asked), wildcards };
}
