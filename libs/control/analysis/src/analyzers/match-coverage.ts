import type { HttpMatchRequest, StringMatch } from "@bookmesh/mesh-api";

/** A condition of a route; `undefined` holds for every request. */
export type Condition = HttpMatchRequest | undefined;

/**
 * Says whether every request for which `later` holds is one for which `earlier` holds, so that a route with `later`
 * never gets any. It errs on the side of "no": what two different regular expressions have in common is not asked.
 */
export function covers(earlier: Condition, later: Condition): boolean {
  if (earlier === undefined) return true;
  const other = later ?? {};
  return (
    coversPath(earlier, other) &&
    coversText(earlier.scheme, other.scheme) &&
    coversText(earlier.method, other.method) &&
    coversText(earlier.authority, other.authority) &&
    coversFields(earlier.headers, other.headers) &&
    coversAbsences(earlier.withoutHeaders, other.withoutHeaders) &&
    coversFields(earlier.queryParams, other.queryParams) &&
    coversCaller(earlier, other)
  );
}

/** Says whether a condition holds for every request of those that it may hold for at all. */
export function isCatchAll(condition: Condition): boolean {
  return covers(condition, undefined);
}

function coversPath(earlier: HttpMatchRequest, later: HttpMatchRequest): boolean {
  if (earlier.uri === undefined || earlier.uri.prefix === "/") return true;
  if (earlier.ignoreUriCase === true) return coversText(lowered(earlier.uri), lowered(later.uri));
  return later.ignoreUriCase !== true && coversText(earlier.uri, later.uri);
}

function lowered(match: StringMatch | undefined): StringMatch | undefined {
  if (match === undefined) return undefined;
  const { exact, prefix, regex } = match;
  return { exact: exact?.toLowerCase(), prefix: prefix?.toLowerCase(), regex };
}

function coversText(earlier: StringMatch | undefined, later: StringMatch | undefined): boolean {
  if (earlier === undefined) return true;
  if (later === undefined) return false;
  if (earlier.exact !== undefined) return later.exact === earlier.exact;
  if (earlier.regex !== undefined) return later.regex === earlier.regex;
  const { prefix = "" } = earlier; // an empty match asks for presence alone
  return prefix === "" || (later.exact ?? later.prefix ?? "").startsWith(prefix);
}

type Fields = HttpMatchRequest["headers"];

function coversFields(earlier: Fields, later: Fields): boolean {
  return Object.entries(earlier ?? {}).every(
    ([name, match]) => later?.[name] !== undefined && coversText(match, later[name]),
  );
}

/** What must not match, the other way round: `later` has to rule out at least as much. */
function coversAbsences(earlier: Fields, later: Fields): boolean {
  return Object.entries(earlier ?? {}).every(
    ([name, match]) => later?.[name] !== undefined && coversText(later[name], match),
  );
}

function coversCaller(earlier: HttpMatchRequest, later: HttpMatchRequest): boolean {
  const { port, sourceNamespace, sourceLabels = {}, gateways = [] } = earlier;
  return (
    (port === undefined || port === later.port) &&
    (sourceNamespace === undefined || sourceNamespace === later.sourceNamespace) &&
    Object.entries(sourceLabels).every(([key, value]) => later.sourceLabels?.[key] === value) &&
    (gateways.length === 0 || isPart(later.gateways ?? [], gateways))
  );
}

function isPart(some: readonly string[], whole: readonly string[]): boolean {
  return some.length > 0 && some.every((item) => whole.includes(item));
}
