import type { HttpMatchRequest, StringMatch } from "@bookmesh/mesh-api";

type Matches = readonly HttpMatchRequest[];
type Conditions = Readonly<Record<string, StringMatch>>;

/**
 * The conditions of a delegate's route within those of the route that delegates to it; `undefined` where one of them
 * lies outside of all: such a route is left out. Source: istiod, `mergeHTTPMatchRequests`.
 */
export function mergeMatches(outer: Matches = [], inner: Matches = []): Matches | undefined {
  if (outer.length === 0) return inner;
  if (inner.length === 0) return outer;
  const merged = inner.map((own) =>
    outer.filter((one) => !conflicts(one, own)).map((one) => merge(one, own)),
  );
  return merged.every((matches) => matches.length > 0) ? merged.flat() : undefined;
}

function merge(outer: HttpMatchRequest, own: HttpMatchRequest): HttpMatchRequest {
  const name = [outer.name, own.name].filter((part) => part !== undefined && part !== "").join("-");
  const gateways = (own.gateways ?? []).length > 0 ? own.gateways : outer.gateways;
  return {
    ...outer,
    ...own,
    ...(name !== "" && { name }),
    ...(gateways !== undefined && { gateways }),
    headers: { ...outer.headers, ...own.headers },
    withoutHeaders: { ...outer.withoutHeaders, ...own.withoutHeaders },
    queryParams: { ...outer.queryParams, ...own.queryParams },
    sourceLabels: { ...outer.sourceLabels, ...own.sourceLabels },
  };
}

/** Says whether some request could meet the inner condition and not the outer one, as far as istiod looks. */
function conflicts(outer: HttpMatchRequest, own: HttpMatchRequest): boolean {
  return (
    textConflicts(outer.uri, own.uri) ||
    textConflicts(outer.scheme, own.scheme) ||
    textConflicts(outer.method, own.method) ||
    textConflicts(outer.authority, own.authority) ||
    mapConflicts(outer.headers, own.headers) ||
    mapConflicts(outer.withoutHeaders, own.withoutHeaders) ||
    mapConflicts(outer.queryParams, own.queryParams) ||
    (outer.ignoreUriCase ?? false) !== (own.ignoreUriCase ?? false) ||
    callerConflicts(outer, own)
  );
}

function callerConflicts(outer: HttpMatchRequest, own: HttpMatchRequest): boolean {
  const { port = 0, sourceNamespace = "", sourceLabels = {}, gateways = [] } = outer;
  const ownPort = own.port ?? 0;
  const ownGateways = own.gateways ?? [];
  return (
    (port > 0 && ownPort > 0 && port !== ownPort) ||
    (sourceNamespace !== "" && own.sourceNamespace !== sourceNamespace) ||
    Object.entries(own.sourceLabels ?? {}).some(([key, value]) => (sourceLabels[key] ?? value) !== value) ||
    (gateways.length > 0 && ownGateways.some((name) => !gateways.includes(name)))
  );
}

function mapConflicts(outer: Conditions = {}, own: Conditions = {}): boolean {
  return Object.entries(own).some(([name, match]) => textConflicts(outer[name], match));
}

/** An expression lies in no other condition, and no other in it: nobody compares expressions. */
function textConflicts(outer: StringMatch | undefined, own: StringMatch | undefined): boolean {
  if (outer === undefined || own === undefined) return false;
  if (isSaid(outer.exact)) return own.exact !== outer.exact;
  if (!isSaid(outer.prefix)) return true;
  const text = isSaid(own.prefix) ? own.prefix : own.exact;
  return !isSaid(text) || !text.startsWith(outer.prefix);
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
