import type { Destination, HttpMatchRequest, HttpRoute, VirtualService } from "@bookmesh/mesh-api";
import { resolveHost } from "./host-name.ts";
import type { HttpRouteInputs, RouteTarget } from "./http-route.ts";
import type { MeshService } from "./mesh-service.ts";
import { outboundCluster, resolveGateway, rulePath } from "./names.ts";
import type { OutboundView } from "./outbound-view.ts";
import { percentIn } from "./percent.ts";
import { namespaceOf } from "./virtual-service-choice.ts";

/** Where a rule is read: for which host and port, and by whom. */
export interface RouteContext {
  readonly view: OutboundView;
  /** The name under which rules speak of the reader: `mesh` for a sidecar, `namespace/name` of a Gateway. */
  readonly reader: string;
  /** The port that callers ask for. */
  readonly port: number;
  readonly serviceByHost: ReadonlyMap<string, MeshService>;
}

/** The route of a host without rules: to its own port. */
export function defaultRoute(host: string, port: number): HttpRouteInputs {
  return { name: "default", targets: [{ cluster: outboundCluster({ host, port }), weight: 1 }] };
}

/**
 * The routes of a VirtualService, in its order, as one caller sees them: conditions on the caller and on the port
 * are decided here, the rest is left to the request. Whatever follows a route without conditions is left out.
 */
export function rulesOf(rule: VirtualService, context: RouteContext): readonly HttpRouteInputs[] {
  const routes: HttpRouteInputs[] = [];
  for (const http of rule.spec.http ?? []) {
    for (const match of matchesOf(http, namespaceOf(rule), context)) {
      routes.push(routeInputs(http, match, { rule, context }));
      if (isCatchAll(match)) return routes;
    }
  }
  return routes;
}

/** One route for each condition that can hold; `undefined` stands for "every request". */
function matchesOf(
  { match = [] }: HttpRoute,
  namespace: string,
  context: RouteContext,
): readonly (HttpMatchRequest | undefined)[] {
  if (match.length === 0) return [undefined];
  return match.filter((condition) => canHold(condition, namespace, context)).map(requestPart);
}

function canHold(match: HttpMatchRequest, namespace: string, { view, port, reader }: RouteContext): boolean {
  if (match.port !== undefined && match.port !== port) return false;
  const { gateways = [], sourceLabels = {}, sourceNamespace = "" } = match;
  // Where gateways are named, the calling pod is not asked about. Source: istiod, `sourceMatchHTTP`.
  if (gateways.length > 0) return gateways.some((name) => resolveGateway(name, namespace) === reader);
  return (
    (sourceNamespace === "" || sourceNamespace === view.namespace) &&
    Object.entries(sourceLabels).every(([key, value]) => view.labels[key] === value)
  );
}

/** What is left to decide when a request comes. */
function requestPart(match: HttpMatchRequest): HttpMatchRequest {
  const { name, uri, ignoreUriCase, scheme, method, authority, headers, withoutHeaders, queryParams } = match;
  return { name, uri, ignoreUriCase, scheme, method, authority, headers, withoutHeaders, queryParams };
}

/** Says whether a condition holds for every request. */
export function isCatchAll(match: HttpMatchRequest | undefined): boolean {
  if (match === undefined) return true;
  const { uri, scheme, method, authority, headers, withoutHeaders, queryParams } = match;
  const isAnyPath = uri === undefined || uri.prefix === "/";
  return isAnyPath && [scheme, method, authority, headers, withoutHeaders, queryParams].every(isEmpty);
}

function isEmpty(condition: object | undefined): boolean {
  return condition === undefined || Object.keys(condition).length === 0;
}

function routeInputs(
  http: HttpRoute,
  match: HttpMatchRequest | undefined,
  { rule, context }: { readonly rule: VirtualService; readonly context: RouteContext },
): HttpRouteInputs {
  const namespace = namespaceOf(rule);
  const clusterOf = (destination: Destination) => destinationCluster(destination, namespace, context);
  return {
    name: [http.name, match?.name].filter((part) => part !== undefined).join("."),
    match,
    targets: targetsOf(http, clusterOf),
    redirect: http.redirect && redirectOf(http.redirect, context.port),
    directResponse: http.directResponse,
    rewrite: http.rewrite,
    headers: headersOf(http),
    timeout: http.timeout,
    retries: http.retries,
    fault: http.fault,
    mirrors: mirrorsOf(http, clusterOf),
    rule: rulePath("virtual-service", namespace, rule.metadata.name),
  };
}

function targetsOf(
  { route = [] }: HttpRoute,
  clusterOf: (destination: Destination) => string,
): readonly RouteTarget[] {
  const [only, ...others] = route;
  if (only !== undefined && others.length === 0) return [{ cluster: clusterOf(only.destination), weight: 1 }];
  return route
    .map(({ destination, weight = 0, headers }) => ({
      cluster: clusterOf(destination),
      weight,
      ...(headers && { headers }),
    }))
    .filter(({ weight }) => weight > 0);
}

function redirectOf({ derivePort, ...redirect }: Redirect, port: number): HttpRouteInputs["redirect"] {
  return derivePort === "FROM_REQUEST_PORT" ? { ...redirect, port } : redirect;
}

type Redirect = NonNullable<HttpRoute["redirect"]>;

/** Headers of the only destination count as the route's own, and have the last word. */
function headersOf({ headers, route = [] }: HttpRoute): NonNullable<HttpRouteInputs["headers"]> {
  const own = route.length === 1 ? route[0]?.headers : undefined;
  return [headers, own].filter((rules) => rules !== undefined);
}

function mirrorsOf(
  http: HttpRoute,
  clusterOf: (destination: Destination) => string,
): NonNullable<HttpRouteInputs["mirrors"]> {
  const share = percentIn(http.mirrorPercentage) ?? http.mirrorPercent ?? http.mirror_percent ?? WHOLE;
  const one = http.mirror === undefined ? [] : [{ cluster: clusterOf(http.mirror), percent: share }];
  const others = (http.mirrors ?? []).map(({ destination, percentage }) => ({
    cluster: clusterOf(destination),
    percent: percentIn(percentage) ?? WHOLE,
  }));
  return [...one, ...others].filter(({ percent }) => percent > 0);
}

const WHOLE = 100;

/** The cluster of a destination: its port, else the service's only one, else the one that the caller asked for. */
function destinationCluster(
  { host, subset, port }: Destination,
  namespace: string,
  { port: askedPort, serviceByHost }: RouteContext,
): string {
  const fullHost = resolveHost(host, namespace);
  const ports = serviceByHost.get(fullHost)?.ports ?? [];
  const onlyPort = ports.length === 1 ? ports[0]?.number : undefined;
  return outboundCluster({ host: fullHost, port: port?.number ?? onlyPort ?? askedPort, subset });
}
