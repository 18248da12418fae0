import type { RequestView, Route, RouteTable } from "./proxy-snapshot.ts";

/** What would become of a request, and why. */
export interface RouteExplanation {
  readonly virtualHost: string | undefined;
  /** Its name, or its index in the virtual host where it has none. */
  readonly route: string | undefined;
  /** The clusters it may go to, with their share (0 to 1). */
  readonly targets: readonly { readonly cluster: string; readonly fraction: number }[];
  /** A sentence for the person who asks. */
  readonly reason: string;
}

/** Says which route a request takes: the same steps as the data path, with their reasons. */
export function explainRoute(table: RouteTable, request: RequestView): RouteExplanation {
  const nothing = { virtualHost: undefined, route: undefined, targets: [] };
  const virtualHost = table.findVirtualHost(request.authority.toLowerCase());
  if (!virtualHost)
    return {
      ...nothing,
      reason: `No virtual host has the domain ${JSON.stringify(request.authority)}: 404.`,
    };
  const index = virtualHost.routes.findIndex((candidate) => candidate.matches(request));
  const route = virtualHost.routes[index];
  const inside = `Virtual host ${JSON.stringify(virtualHost.name)}`;
  if (!route)
    return { ...nothing, virtualHost: virtualHost.name, reason: `${inside} has no route for it: 404.` };
  return {
    virtualHost: virtualHost.name,
    route: route.name || String(index),
    targets: targetsOf(route),
    reason: `${inside}, route ${index} (${route.condition ?? "always"}): ${outcomeOf(route, request)}.`,
  };
}

function targetsOf({ action }: Route): RouteExplanation["targets"] {
  if (action.kind !== "forward") return [];
  const targets = action.targets ?? [];
  const sum = targets.reduce((total, { weight }) => total + weight, 0);
  return targets.map(({ cluster, weight }) => ({ cluster, fraction: weight / sum }));
}

function outcomeOf(route: Route, request: RequestView): string {
  const { action } = route;
  switch (action.kind) {
    case "direct":
      return `answers ${action.status} itself`;
    case "redirect":
      return `answers ${action.status} with location ${action.location(request)}`;
    case "forward":
      return `goes to ${targetsOf(route)
        .map(({ cluster, fraction }) => `${cluster} (${Math.round(fraction * 1_000) / 10} %)`)
        .join(", ")}`;
  }
}
