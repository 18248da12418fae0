import type { ChainSet, Listener, SocketPlace } from "./proxy-snapshot.ts";

/** Finds what serves a redirected connection. */
export interface Destinations {
  /** `accepting` took a connection that was going to `destination`. */
  find(accepting: Listener, destination: SocketPlace): ChainSet;
}

/** What serves a redirected connection, and why. */
export interface DestinationExplanation {
  readonly chains: ChainSet;
  /** A sentence for the person who asks. */
  readonly reason: string;
}

/**
 * Indexes the listeners that have no socket: a connection that was going to their address is theirs; then those that
 * have its port on every address of the family; then the listener that took it serves it itself.
 */
export function indexDestinations(listeners: readonly Listener[]): Destinations {
  const byPlace = new Map<string, Listener>();
  for (const listener of listeners) {
    if (listener.hasSocket !== false) continue;
    for (const place of [listener, ...(listener.additionalAddresses ?? [])])
      byPlace.set(keyOf(place), listener);
  }
  return {
    find(accepting, destination) {
      const other =
        accepting.redirection === "allListeners"
          ? (byPlace.get(keyOf(destination)) ?? byPlace.get(keyOf(anyAddress(destination))))
          : undefined;
      const listener = other ?? accepting;
      return listener.chainsByPort?.get(destination.port) ?? listener;
    },
  };
}

/** Says what serves a connection: the same steps as the data path, with their reasons. */
export function explainDestination(
  listeners: readonly Listener[],
  accepting: Listener,
  destination: SocketPlace,
): DestinationExplanation {
  const chains = indexDestinations(listeners).find(accepting, destination);
  const listener = listeners.find(({ name }) => name === chains.name) ?? accepting;
  const place = keyOf(destination);
  const finding =
    listener === accepting
      ? `No listener is for ${place}, so ${JSON.stringify(accepting.name)}, which took it, serves it`
      : `Listener ${JSON.stringify(listener.name)} is for ${placesOf(listener)}, where it was going`;
  const port = chains === listener ? "" : `, by its chains for port ${destination.port}`;
  return { chains, reason: `${finding}${port}: ${outcomeOf(chains)}.` };
}

function keyOf({ address, port }: SocketPlace): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

function anyAddress({ address, port }: SocketPlace): SocketPlace {
  return { address: address.includes(":") ? "::" : "0.0.0.0", port };
}

function placesOf(listener: Listener): string {
  return [listener, ...(listener.additionalAddresses ?? [])].map(keyOf).join(" and ");
}

function outcomeOf({ http, tcp }: ChainSet): string {
  const routed = http && `HTTP is routed by ${http.routeConfigName}`;
  const passed = tcp && `${http ? "all else" : "everything"} goes to ${tcp.cluster.name}`;
  return [routed, passed].filter((part) => part !== undefined).join(", ") || "it is closed";
}
