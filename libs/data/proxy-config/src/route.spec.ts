import type { RequestView } from "@bookmesh/proxy-core";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  RouteActionSchema,
  RouteConfigurationSchema,
  RouterSchema,
  VirtualHost_TlsRequirementType as TlsRequirement,
  type RouteSchema,
  type RouteMatchSchema,
  type RetryPolicySchema,
} from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeRouteConfiguration, type RouteSpec } from "./route.ts";

type RouteInit = MessageInitShape<typeof RouteSchema>;

const TO_C = { clusterSpecifier: { case: "cluster", value: "c" } } as const;
const ANY_PATH = { pathSpecifier: { case: "prefix", value: "/" } } as const;

function decode(route: RouteInit) {
  const virtualHosts = [{ name: "v", domains: ["rating"], routes: [route] }];
  return decodeRouteConfiguration(create(RouteConfigurationSchema, { name: "r", virtualHosts }), () => 0.5);
}

function routeOf(route: RouteInit): RouteSpec {
  const result = decode(route);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  const spec = result.value.virtualHosts[0]?.routes[0];
  if (!spec) throw new Error("no route");
  return spec;
}

function issuesOf(route: RouteInit): readonly string[] {
  const result = decode(route);
  return result.ok ? [] : result.error.map(({ path, problem }) => `${path} ${problem}`);
}

function request(path: string): RequestView {
  return { method: "GET", path, authority: "rating", scheme: "http", header: () => undefined };
}

const forwarding = (match: MessageInitShape<typeof RouteMatchSchema>): RouteInit => ({
  match,
  action: { case: "route", value: TO_C },
});

describe("a virtual host that asks for TLS", () => {
  const decodeHost = (requireTls: TlsRequirement) => {
    const route = forwarding(ANY_PATH);
    const virtualHosts = [{ name: "v", domains: ["rating"], requireTls, routes: [route] }];
    return decodeRouteConfiguration(create(RouteConfigurationSchema, { name: "r", virtualHosts }), () => 0.5);
  };

  it("redirects what came without it, and routes the rest", () => {
    const result = decodeHost(TlsRequirement.ALL);
    const [redirect, forward] = (result.ok && result.value.virtualHosts[0]?.routes) || [];
    const plain = request("/rate/1?x=y");
    expect(redirect?.matches(plain)).toBe(true);
    expect(redirect?.matches({ ...plain, scheme: "https" })).toBe(false);
    expect(redirect?.action.kind === "redirect" && redirect.action.location(plain)).toBe(
      "https://rating/rate/1?x=y",
    );
    expect(forward?.action.kind).toBe("forward");
  });

  it("cannot ask for it from outside alone", () => {
    expect(decodeHost(TlsRequirement.EXTERNAL_ONLY)).toMatchObject({
      ok: false,
      error: [{ path: "routes[r].virtual_hosts[v].require_tls", problem: "must be NONE or ALL" }],
    });
  });
});

describe("route actions", () => {
  it.each([
    { name: "prefix", rewrite: { prefixRewrite: "/v2" }, path: "/rate/1?x=y", becomes: "/v2/1?x=y" },
    {
      name: "expression",
      rewrite: { regexRewrite: { pattern: { regex: "^/rate/(\\d+)$" }, substitution: "/book/\\1/rating" } },
      path: "/rate/7?x=y",
      becomes: "/book/7/rating?x=y",
    },
  ])("rewrites a path by $name", ({ rewrite, path, becomes }) => {
    const spec = routeOf({
      match: { pathSpecifier: { case: "prefix", value: "/rate" } },
      action: { case: "route", value: create(RouteActionSchema, { ...TO_C, ...rewrite }) },
    });
    expect(spec.action.kind === "forward" && spec.action.path?.(request(path))).toBe(becomes);
  });

  it.each([
    { name: "another host", redirect: { hostRedirect: "other" }, to: "http://other/rate?x=y" },
    { name: "another port", redirect: { portRedirect: 81 }, to: "http://rating:81/rate?x=y" },
    {
      name: "https",
      redirect: { schemeRewriteSpecifier: { case: "httpsRedirect", value: true } } as const,
      to: "https://rating/rate?x=y",
    },
    {
      name: "another path",
      redirect: { pathRewriteSpecifier: { case: "pathRedirect", value: "/new" } } as const,
      to: "http://rating/new?x=y",
    },
  ])("redirects to $name", ({ redirect, to }) => {
    const { action } = routeOf({ match: ANY_PATH, action: { case: "redirect", value: redirect } });
    expect(action.kind === "redirect" && action.location(request("/rate?x=y"))).toBe(to);
  });

  it("reads the retry policy that istiod sends by default", () => {
    const { action } = routeOf(
      retrying({
        retryOn: "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
        numRetries: 2,
        retriableStatusCodes: [503],
        hostSelectionRetryMaxAttempts: 5n,
        retryHostPredicate: [{ name: "envoy.retry_host_predicates.previous_hosts" }],
      }),
    );
    expect(action.kind === "forward" && action.retry).toEqual({
      maxRetries: 2,
      perTryTimeoutMs: 0,
      on: {
        connectFailure: true,
        reset: false,
        resetBeforeRequest: false,
        gatewayError: false,
        serverError: false,
        retriable4xx: false,
      },
      statusCodes: new Set([503]),
      avoidsPreviousHosts: true,
      backoff: { initialMs: 25, maxMs: 250 },
    });
  });
});

const retrying = (retryPolicy: MessageInitShape<typeof RetryPolicySchema>): RouteInit => ({
  match: ANY_PATH,
  action: { case: "route", value: { ...TO_C, retryPolicy } },
});

describe("refusals of routes", () => {
  const at = "routes[r].virtual_hosts[v].routes[0]";

  it.each<{ name: string; route: RouteInit; issue: string }>([
    {
      name: "a hash policy",
      route: { match: ANY_PATH, action: { case: "route", value: { ...TO_C, hashPolicy: [{}] } } },
      issue: `${at}.route.hash_policy is not supported by this proxy`,
    },
    {
      name: "a broken expression",
      route: forwarding({ pathSpecifier: { case: "safeRegex", value: { regex: "(" } } }),
      issue: `${at}.match.safe_regex.regex is no regular expression`,
    },
    {
      name: "look-ahead, which RE2 does not have",
      route: forwarding({ pathSpecifier: { case: "safeRegex", value: { regex: "(?=x)" } } }),
      issue: `${at}.match.safe_regex.regex is no regular expression`,
    },
    {
      name: "weights that sum up to nothing",
      route: {
        match: ANY_PATH,
        action: {
          case: "route",
          value: {
            clusterSpecifier: { case: "weightedClusters", value: { clusters: [{ name: "a", weight: 0 }] } },
          },
        },
      },
      issue: `${at}.route.weighted_clusters.clusters must have a sum of weights above 0`,
    },
    {
      name: "an unknown reason to retry",
      route: retrying({ retryOn: "full-moon" }),
      issue: `${at}.route.retry_policy.retry_on names the condition "full-moon"`,
    },
    {
      name: "settings of a filter that it does not have",
      route: {
        match: ANY_PATH,
        action: { case: "route", value: TO_C },
        typedPerFilterConfig: { "envoy.filters.http.lua": anyPack(RouterSchema, create(RouterSchema)) },
      },
      issue: `${at}.typed_per_filter_config[envoy.filters.http.lua] names a filter that this proxy does not have`,
    },
    {
      name: "a command in a header",
      route: {
        match: ANY_PATH,
        action: { case: "route", value: TO_C },
        requestHeadersToAdd: [{ header: { key: "x", value: "%DOWNSTREAM_REMOTE_ADDRESS%" } }],
      },
      issue: `${at}.request_headers_to_add[0].header.value must not contain a %COMMAND%`,
    },
    {
      name: "a negative idle timeout",
      route: {
        match: ANY_PATH,
        action: { case: "route", value: { ...TO_C, idleTimeout: { seconds: -5n } } },
      },
      issue: `${at}.route.idle_timeout must not be negative`,
    },
    {
      name: "a line break in a header",
      route: {
        match: ANY_PATH,
        action: { case: "route", value: TO_C },
        requestHeadersToAdd: [{ header: { key: "x", value: "a\r\nb: c" } }],
      },
      issue: `${at}.request_headers_to_add[0].header.value must not contain line breaks`,
    },
    {
      name: "a line break in a prefix rewrite",
      route: {
        match: ANY_PATH,
        action: { case: "route", value: { ...TO_C, prefixRewrite: "/ HTTP/1.1\r\nx: y" } },
      },
      issue: `${at}.route.prefix_rewrite must be of visible ASCII characters`,
    },
    {
      name: "a letter whose low octet is a line break in a regex rewrite",
      route: {
        match: ANY_PATH,
        action: {
          case: "route",
          value: { ...TO_C, regexRewrite: { pattern: { regex: "a" }, substitution: "\u010a" } },
        },
      },
      issue: `${at}.route.regex_rewrite.substitution must be of visible ASCII characters`,
    },
    {
      name: "a blank in a host rewrite",
      route: {
        match: ANY_PATH,
        action: {
          case: "route",
          value: { ...TO_C, hostRewriteSpecifier: { case: "hostRewriteLiteral", value: "a b" } },
        },
      },
      issue: `${at}.route.host_rewrite_literal must be of visible ASCII characters`,
    },
    {
      name: "a line break in a redirect's host",
      route: { match: ANY_PATH, action: { case: "redirect", value: { hostRedirect: "a\r\nb" } } },
      issue: `${at}.redirect.host_redirect must be of visible ASCII characters`,
    },
    {
      name: "a line break in a redirect's path",
      route: {
        match: ANY_PATH,
        action: {
          case: "redirect",
          value: { pathRewriteSpecifier: { case: "pathRedirect", value: "/a\nb" } },
        },
      },
      issue: `${at}.redirect.path_redirect must be of visible ASCII characters`,
    },
    {
      name: "a route that does nothing",
      route: { match: ANY_PATH },
      issue: `${at} must have a route, redirect or direct_response`,
    },
  ])("refuses $name", ({ route, issue }) => {
    const issues = issuesOf(route);
    expect(issues).toHaveLength(1);
    expect(issues[0]).toContain(issue);
  });

  it("gives letters beyond ASCII to a header as the octets of their UTF-8", () => {
    const { requestEdits } = routeOf({
      match: ANY_PATH,
      action: { case: "route", value: TO_C },
      requestHeadersToAdd: [{ header: { key: "x", value: "\u010a" } }],
    });
    expect(requestEdits?.append).toEqual([["x", "\xc4\x8a"]]);
  });

  it("refuses a domain that two virtual hosts have", () => {
    const virtualHosts = ["a", "b"].map((name) => ({ name, domains: ["Rating"], routes: [] }));
    const result = decodeRouteConfiguration(
      create(RouteConfigurationSchema, { name: "r", virtualHosts }),
      Math.random,
    );
    expect(result.ok).toBe(false);
  });
});
