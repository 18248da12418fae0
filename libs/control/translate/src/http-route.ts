import { create } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import type { FaultRules, HeaderRules, HttpMatchRequest, HttpRoute, RetryRules } from "@bookmesh/mesh-api";
import {
  RouteSchema,
  RedirectAction_RedirectResponseCode as RedirectCode,
  type RouteActionSchema,
  type Route,
} from "@bookmesh/xds-api";
import { durationMs, protoDuration } from "./duration.ts";
import { translateFault } from "./fault.ts";
import { headerEdits, rewrittenHost } from "./header-edits.ts";
import { translateMatch } from "./http-match.ts";
import { fractionalPercent } from "./percent.ts";
import { translateRetries } from "./retry-policy.ts";
import type { MessageInit } from "./message-init.ts";

/** A cluster and its share. */
export interface RouteTarget {
  readonly cluster: string;
  readonly weight: number;
  /** Edits of heads for this one of several. */
  readonly headers?: HeaderRules | undefined;
}

/** A route with every name resolved: no rule, service or namespace is needed any more to translate it. */
export interface HttpRouteInputs {
  readonly name: string;
  readonly match?: HttpMatchRequest | undefined;
  readonly targets: readonly RouteTarget[];
  /** A port that is derived from the request's is resolved to the one that was called. */
  readonly redirect?: Omit<NonNullable<HttpRoute["redirect"]>, "derivePort"> | undefined;
  readonly directResponse?: HttpRoute["directResponse"];
  readonly rewrite?: HttpRoute["rewrite"];
  /** Edits of heads, in their order. */
  readonly headers?: readonly HeaderRules[];
  readonly timeout?: string | undefined;
  readonly retries?: RetryRules | undefined;
  readonly fault?: FaultRules | undefined;
  readonly mirrors?: readonly { readonly cluster: string; readonly percent: number }[];
  /** The VirtualService that the route stands in; absent for the route of a service without rules. */
  readonly rule?: string | undefined;
}

/** The name of Envoy's filter for faults, and of its settings for one route. */
export const FAULT_FILTER = "envoy.filters.http.fault";

/** Builds one route. */
export function translateHttpRoute(inputs: HttpRouteInputs): Route {
  const { name, match, headers = [], fault, rule } = inputs;
  return create(RouteSchema, {
    name,
    match: translateMatch(match),
    action: actionOf(inputs),
    ...headerEdits(headers),
    ...(fault !== undefined && { typedPerFilterConfig: { [FAULT_FILTER]: translateFault(fault) } }),
    ...(rule !== undefined && { metadata: { filterMetadata: { istio: { config: rule } } } }),
  });
}

type Action = NonNullable<MessageInit<typeof RouteSchema>["action"]>;

function actionOf(inputs: HttpRouteInputs): Action {
  if (inputs.redirect !== undefined) return redirectAction(inputs.redirect);
  if (inputs.directResponse !== undefined) return directResponse(inputs.directResponse);
  return { case: "route", value: forwardAction(inputs) };
}

function forwardAction(inputs: HttpRouteInputs): MessageInit<typeof RouteActionSchema> {
  const { targets, timeout, retries, mirrors = [] } = inputs;
  const limit = protoDuration(timeout === undefined ? 0 : durationMs(timeout));
  const retryPolicy = translateRetries(retries);
  return {
    clusterSpecifier: clusterSpecifier(targets),
    timeout: limit,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- istiod sends it, and Envoy still obeys it
    maxGrpcTimeout: limit,
    ...(retryPolicy !== undefined && { retryPolicy }),
    ...rewrites(inputs),
    requestMirrorPolicies: mirrors.map(({ cluster, percent }) => ({
      cluster,
      runtimeFraction: { defaultValue: fractionalPercent(percent) },
      traceSampled: false,
      disableShadowHostSuffixAppend: true,
    })),
  };
}

type ForwardInit = MessageInit<typeof RouteActionSchema>;

function clusterSpecifier(targets: readonly RouteTarget[]): NonNullable<ForwardInit["clusterSpecifier"]> {
  const [only, ...others] = targets;
  if (only !== undefined && only.headers === undefined && others.length === 0)
    return { case: "cluster", value: only.cluster };
  return { case: "weightedClusters", value: { clusters: targets.map(weightedCluster) } };
}

function weightedCluster({ cluster, weight, headers }: RouteTarget) {
  const rules = headers === undefined ? [] : [headers];
  const host = rewrittenHost(rules);
  return {
    name: cluster,
    weight,
    ...headerEdits(rules),
    ...(host !== undefined && {
      hostRewriteSpecifier: { case: "hostRewriteLiteral", value: host } as const,
    }),
  };
}

function rewrites({ rewrite, headers = [] }: HttpRouteInputs): ForwardInit {
  const authority = rewrite?.authority ?? rewrittenHost(headers);
  const regex = rewrite?.uriRegexRewrite;
  return {
    ...(authority !== undefined && {
      hostRewriteSpecifier: { case: "hostRewriteLiteral", value: authority },
    }),
    ...(regex !== undefined && {
      regexRewrite: { pattern: { regex: regex.match ?? "" }, substitution: regex.rewrite ?? "" },
    }),
    ...(regex === undefined && rewrite?.uri !== undefined && { prefixRewrite: rewrite.uri }),
  };
}

const REDIRECT_CODES: ReadonlyMap<number, RedirectCode> = new Map([
  [301, RedirectCode.MOVED_PERMANENTLY],
  [302, RedirectCode.FOUND],
  [303, RedirectCode.SEE_OTHER],
  [307, RedirectCode.TEMPORARY_REDIRECT],
  [308, RedirectCode.PERMANENT_REDIRECT],
]);

function redirectAction(redirect: NonNullable<HttpRouteInputs["redirect"]>): Action {
  const { uri, authority, scheme, redirectCode = 301 } = redirect;
  const port = redirectedPort(redirect);
  return {
    case: "redirect",
    value: {
      ...(uri !== undefined && { pathRewriteSpecifier: { case: "pathRedirect", value: uri } }),
      ...(authority !== undefined && { hostRedirect: authority }),
      ...(port !== undefined && { portRedirect: port }),
      ...(scheme !== undefined && { schemeRewriteSpecifier: { case: "schemeRedirect", value: scheme } }),
      responseCode: REDIRECT_CODES.get(redirectCode) ?? RedirectCode.MOVED_PERMANENTLY,
    },
  };
}

const SCHEME_PORTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
]);

/** The port that an answer names: none where the scheme means it anyway. */
function redirectedPort(redirect: NonNullable<HttpRouteInputs["redirect"]>): number | undefined {
  const { port, scheme = "http" } = redirect;
  return port === SCHEME_PORTS.get(scheme) ? undefined : port;
}

function directResponse({ status, body }: NonNullable<HttpRoute["directResponse"]>): Action {
  if (body === undefined) return { case: "directResponse", value: { status } };
  const specifier =
    body.bytes === undefined
      ? ({ case: "inlineString", value: body.string ?? "" } as const)
      : ({ case: "inlineBytes", value: base64Decode(body.bytes) } as const);
  return { case: "directResponse", value: { status, body: { specifier } } };
}
