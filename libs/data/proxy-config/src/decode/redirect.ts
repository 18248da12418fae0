import type { RedirectAction, RequestView } from "@bookmesh/proxy-core";
import {
  RedirectActionSchema,
  RedirectAction_RedirectResponseCode as Code,
  type RedirectAction as RedirectActionProto,
} from "@bookmesh/xds-api";
import { prefixRewrite, readRegexRewrite, type PathRewrite } from "./path-rewrite.ts";
import { below, refuseFieldsBut, type Place } from "./place.ts";
import { pathOnly } from "./route-match.ts";
import { refuseInvisible } from "./values.ts";

const STATUS_OF_CODE: ReadonlyMap<number, number> = new Map([
  [Code.MOVED_PERMANENTLY, 301],
  [Code.FOUND, 302],
  [Code.SEE_OTHER, 303],
  [Code.TEMPORARY_REDIRECT, 307],
  [Code.PERMANENT_REDIRECT, 308],
]);

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
]);

/** Compiles a redirect: which parts of the request's URL change. Source: Envoy `RedirectAction`. */
export function readRedirect(
  place: Place,
  proto: RedirectActionProto,
  matchedPrefix: string | undefined,
): RedirectAction {
  refuseFieldsBut(
    place,
    [RedirectActionSchema, proto],
    [
      "https_redirect",
      "scheme_redirect",
      "host_redirect",
      "port_redirect",
      "path_redirect",
      "prefix_rewrite",
      "regex_rewrite",
      "response_code",
      "strip_query",
    ],
  );
  const rewrite = readRewrite(place, proto, matchedPrefix);
  refuseInvisible(below(place, "host_redirect"), proto.hostRedirect);
  if (proto.schemeRewriteSpecifier.case === "schemeRedirect")
    refuseInvisible(below(place, "scheme_redirect"), proto.schemeRewriteSpecifier.value);
  return {
    kind: "redirect",
    status: STATUS_OF_CODE.get(proto.responseCode) ?? 301,
    location(request) {
      const scheme = schemeOf(proto) ?? request.scheme;
      const path = rewrite?.(request) ?? request.path;
      return `${scheme}://${authorityOf(proto, request, scheme)}${proto.stripQuery ? pathOnly(path) : path}`;
    },
  };
}

function readRewrite(
  place: Place,
  { pathRewriteSpecifier: rewrite }: RedirectActionProto,
  matchedPrefix: string | undefined,
): PathRewrite | undefined {
  switch (rewrite.case) {
    case "pathRedirect": {
      const target = rewrite.value;
      refuseInvisible(below(place, "path_redirect"), target);
      // A target with a query of its own replaces the request's.
      return ({ path }) => (target.includes("?") ? target : target + path.slice(pathOnly(path).length));
    }
    case "prefixRewrite":
      return prefixRewrite(below(place, "prefix_rewrite"), rewrite.value, matchedPrefix);
    case "regexRewrite":
      return readRegexRewrite(below(place, "regex_rewrite"), rewrite.value);
    case undefined:
      return undefined;
  }
}

function schemeOf({ schemeRewriteSpecifier: scheme }: RedirectActionProto): string | undefined {
  if (scheme.case === "httpsRedirect") return scheme.value ? "https" : undefined;
  return scheme.value;
}

function authorityOf(proto: RedirectActionProto, request: RequestView, scheme: string): string {
  const [, host = "", port] = /^(.*?)(?::(\d+))?$/.exec(request.authority) ?? [];
  const newHost = proto.hostRedirect || host;
  if (proto.portRedirect !== 0) return withPort(newHost, proto.portRedirect, scheme);
  // The port belongs to the scheme that the request came with.
  const keepsPort = port !== undefined && scheme === request.scheme;
  return keepsPort ? withPort(newHost, Number(port), scheme) : newHost;
}

function withPort(host: string, port: number, scheme: string): string {
  return DEFAULT_PORTS.get(scheme) === port ? host : `${host}:${port}`;
}
