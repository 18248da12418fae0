import type {
  DirectResponseAction,
  FaultPolicy,
  HeaderEdits,
  RedirectAction,
  RequestView,
} from "@bookmesh/proxy-core";
import { err, ok, type ConfigIssue, type Random, type Result } from "@bookmesh/kernel";
import { create } from "@bufbuild/protobuf";
import {
  RedirectActionSchema,
  RouteConfigurationSchema,
  RouteSchema,
  VirtualHostSchema,
  VirtualHost_TlsRequirementType as TlsRequirement,
  type Route as RouteProto,
  type RouteConfiguration,
  type VirtualHost as VirtualHostProto,
} from "@bookmesh/xds-api";
import {
  HEADER_EDIT_FIELDS,
  mergeEdits,
  readRequestEdits,
  readResponseEdits,
} from "./decode/header-edits.ts";
import { below, complain, placeOf, refuseFieldsBut, type Place } from "./decode/place.ts";
import { readRedirect } from "./decode/redirect.ts";
import {
  readDirectResponse,
  readFilterConfigs,
  readForward,
  type ForwardSpec,
} from "./decode/route-action.ts";
import { readRouteMatch } from "./decode/route-match.ts";

/** An accepted route configuration: conditions compiled, clusters still by name. */
export interface RouteConfigSpec {
  readonly name: string;
  readonly ignoresPort: boolean;
  readonly virtualHosts: readonly VirtualHostSpec[];
}

/** An accepted virtual host. */
export interface VirtualHostSpec {
  readonly name: string;
  /** Lower case. */
  readonly domains: readonly string[];
  readonly routes: readonly RouteSpec[];
}

/** An accepted route. */
export interface RouteSpec {
  readonly name: string;
  readonly condition: string;
  readonly takesAll: boolean;
  readonly matches: (request: RequestView) => boolean;
  readonly action: ForwardSpec | DirectResponseAction | RedirectAction;
  readonly requestEdits: HeaderEdits | undefined;
  readonly responseEdits: HeaderEdits | undefined;
}

/** The edits of the levels above a route, the nearest first. */
interface Inherited {
  readonly virtualHost: VirtualHostProto;
  readonly requestEdits: readonly HeaderEdits[];
  readonly responseEdits: readonly HeaderEdits[];
  readonly fault: FaultPolicy | undefined;
  readonly random: Random;
}

/** Reads a route configuration, or says everything that is wrong with it. `random` draws `runtime_fraction`. */
export function decodeRouteConfiguration(
  proto: RouteConfiguration,
  random: Random,
): Result<RouteConfigSpec, readonly ConfigIssue[]> {
  const place = placeOf("routes", proto.name);
  const spec = readRouteConfiguration(place, proto, random);
  return place.issues.length > 0 ? err(place.issues) : ok(spec);
}

/** As `decodeRouteConfiguration`, for one that stands inside a listener. */
export function readRouteConfiguration(
  place: Place,
  proto: RouteConfiguration,
  random: Random,
): RouteConfigSpec {
  refuseFieldsBut(
    place,
    [RouteConfigurationSchema, proto],
    [
      "name",
      "virtual_hosts",
      "validate_clusters",
      "ignore_port_in_host_matching",
      "max_direct_response_body_size_bytes",
      "metadata",
      ...HEADER_EDIT_FIELDS,
    ],
  );
  if (proto.validateClusters)
    complain(below(place, "validate_clusters"), "must be false: a route may come before its cluster");
  refuseTwins(place, proto);
  const requestEdits = readRequestEdits(place, proto);
  const responseEdits = readResponseEdits(place, proto);
  const virtualHosts = proto.virtualHosts.map((virtualHost, index) =>
    readVirtualHost(below(place, "virtual_hosts", virtualHost.name || index), {
      virtualHost,
      requestEdits: [requestEdits],
      responseEdits: [responseEdits],
      fault: undefined,
      random,
    }),
  );
  return { name: proto.name, ignoresPort: proto.ignorePortInHostMatching, virtualHosts };
}

/** A domain belongs to one virtual host, or which one is meant would depend on their order. */
function refuseTwins(place: Place, { virtualHosts }: RouteConfiguration): void {
  const owners = new Map<string, string>();
  for (const { name, domains } of virtualHosts) {
    for (const domain of domains.map((text) => text.toLowerCase())) {
      const owner = owners.get(domain);
      if (owner !== undefined)
        complain(
          below(place, "virtual_hosts", name),
          `has the domain ${JSON.stringify(domain)}, as ${owner} has`,
        );
      owners.set(domain, name);
    }
  }
}

function readVirtualHost(place: Place, inherited: Inherited): VirtualHostSpec {
  const proto = inherited.virtualHost;
  refuseFieldsBut(
    place,
    [VirtualHostSchema, proto],
    [
      "name",
      "domains",
      "routes",
      "typed_per_filter_config",
      // Honoured as far as the proxy always sends x-envoy-attempt-count.
      "include_request_attempt_count",
      "require_tls",
      "retry_policy",
      "request_mirror_policies",
      "metadata",
      ...HEADER_EDIT_FIELDS,
    ],
  );
  if (proto.domains.length === 0) complain(below(place, "domains"), "must not be empty");
  for (const [index, domain] of proto.domains.entries()) {
    if (!/^(\*?[^*]+|[^*]+\*|\*)$/.test(domain))
      complain(below(place, "domains", index), "must be a name, *.suffix, prefix.* or *");
  }
  const nested: Inherited = {
    ...inherited,
    requestEdits: [readRequestEdits(place, proto), ...inherited.requestEdits],
    responseEdits: [readResponseEdits(place, proto), ...inherited.responseEdits],
    fault: readFilterConfigs(place, proto.typedPerFilterConfig),
  };
  const routes = proto.routes.map((route, index) => readRoute(below(place, "routes", index), route, nested));
  return {
    name: proto.name,
    domains: proto.domains.map((domain) => domain.toLowerCase()),
    routes: [...readTlsRequirement(below(place, "require_tls"), proto), ...routes],
  };
}

/** What asks for TLS is a redirect before all other routes. */
function readTlsRequirement(place: Place, { requireTls }: VirtualHostProto): readonly RouteSpec[] {
  if (requireTls === TlsRequirement.NONE) return [];
  if (requireTls !== TlsRequirement.ALL) complain(place, "must be NONE or ALL");
  return [
    {
      name: "",
      condition: "scheme is http",
      takesAll: false,
      matches: ({ scheme }) => scheme === "http",
      action: httpsRedirect(place),
      requestEdits: undefined,
      responseEdits: undefined,
    },
  ];
}

function httpsRedirect(place: Place): RedirectAction {
  const schemeRewriteSpecifier = { case: "httpsRedirect", value: true } as const;
  return readRedirect(place, create(RedirectActionSchema, { schemeRewriteSpecifier }), undefined);
}

function readRoute(place: Place, proto: RouteProto, inherited: Inherited): RouteSpec {
  refuseFieldsBut(
    place,
    [RouteSchema, proto],
    [
      "name",
      "match",
      "route",
      "redirect",
      "direct_response",
      "typed_per_filter_config",
      "stat_prefix",
      "metadata",
      // The span's name: no spans, no effect.
      "decorator",
      ...HEADER_EDIT_FIELDS,
    ],
  );
  const match = readRouteMatch(below(place, "match"), proto.match, inherited.random);
  return {
    name: proto.name,
    condition: match.condition,
    takesAll: match.takesAll,
    matches: match.matches,
    action: readAction(place, proto, { ...inherited, matchedPrefix: match.matchedPrefix }),
    requestEdits: mergeEdits([readRequestEdits(place, proto), ...inherited.requestEdits]),
    responseEdits: mergeEdits([readResponseEdits(place, proto), ...inherited.responseEdits]),
  };
}

function readAction(
  place: Place,
  proto: RouteProto,
  {
    virtualHost,
    fault: inheritedFault,
    matchedPrefix,
  }: Inherited & { readonly matchedPrefix: string | undefined },
): RouteSpec["action"] {
  const { action } = proto;
  const fault = readFilterConfigs(place, proto.typedPerFilterConfig) ?? inheritedFault;
  switch (action.case) {
    case "route":
      return readForward(below(place, "route"), action.value, {
        matchedPrefix,
        retryPolicy: virtualHost.retryPolicy,
        mirrors: virtualHost.requestMirrorPolicies,
        fault,
      });
    case "redirect":
      return readRedirect(below(place, "redirect"), action.value, matchedPrefix);
    case "directResponse":
      return readDirectResponse(below(place, "direct_response"), action.value);
    case "filterAction":
    case "nonForwardingAction":
    case undefined:
      complain(place, "must have a route, redirect or direct_response");
      return { kind: "direct", status: 500, body: "" };
  }
}
