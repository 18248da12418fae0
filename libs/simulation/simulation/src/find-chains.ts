import { selects } from "@bookmesh/kube-api";
import { explainDestination, type ChainSet } from "@bookmesh/proxy-core";
import { targetOf, type Call } from "./call.ts";
import { destinationOf } from "./destination-of.ts";
import type { SimulatedProxy } from "./simulated-mesh.ts";

/** What serves a call in a proxy, and why; `chains` is absent where nothing does. */
export interface FoundChains {
  readonly chains: ChainSet | undefined;
  /** A sentence. */
  readonly reason: string;
}

/** Finds the listener of a call: by how the proxy gets its connections. */
export function findChains(proxy: SimulatedProxy, call: Call): FoundChains {
  const { view, snapshot } = proxy;
  if (view.role === "router") return atTheEdge(proxy, call);
  if ((view.wildcards ?? []).length > 0) return redirected(proxy, call);
  const chains = snapshot.listeners.find(({ isForwardProxy }) => isForwardProxy);
  return { chains, reason: `Listener ${quoted(chains?.name)} takes the call, as an HTTP proxy.` };
}

function redirected({ snapshot, world, view }: SimulatedProxy, call: Call): FoundChains {
  const accepting = snapshot.listeners.find(
    ({ direction, redirection }) => direction === "outbound" && redirection === "allListeners",
  );
  if (accepting === undefined)
    return { chains: undefined, reason: "The sidecar takes no outbound connections." };
  const { host } = targetOf(call);
  const place = destinationOf(call, world, view.namespace);
  const { chains, reason } = explainDestination(snapshot.listeners, accepting, place);
  return { chains, reason: `${host} is ${place.address}. ${reason}` };
}

/** A client names the port of the gateway's Service, which leads to the port that is listened on. */
function atTheEdge({ snapshot, view, world }: SimulatedProxy, call: Call): FoundChains {
  const { host, port, isTls } = targetOf(call);
  if (!isTls) {
    const targetPort = targetPortOf(port, view, world);
    const plain = snapshot.listeners.find((listener) => listener.port === targetPort && listener.http);
    const reason = plain
      ? `Listener ${quoted(plain.name)} serves port ${port}.`
      : `No Gateway opens port ${port} for HTTP.`;
    return { chains: plain, reason };
  }
  for (const { name, secure } of snapshot.listeners) {
    const chains = secure?.find(host);
    const isPort = chains?.http?.routeConfigName.startsWith(`https.${port}.`) === true;
    if (isPort) return { chains, reason: `Listener ${quoted(name)} ends TLS for ${host} on port ${port}.` };
  }
  return { chains: undefined, reason: `No Gateway ends TLS for ${host} on port ${port}.` };
}

function targetPortOf(
  port: number,
  { namespace, labels }: SimulatedProxy["view"],
  { services }: SimulatedProxy["world"],
): number {
  const own = services.filter(
    ({ metadata, spec }) =>
      (metadata.namespace ?? "default") === namespace &&
      spec.selector !== undefined &&
      selects({ matchLabels: spec.selector }, labels),
  );
  const found = own.flatMap(({ spec }) => spec.ports ?? []).find((each) => each.port === port);
  return typeof found?.targetPort === "number" ? found.targetPort : port;
}

function quoted(name: string | undefined): string {
  return JSON.stringify(name ?? "");
}
