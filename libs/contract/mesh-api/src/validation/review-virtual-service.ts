import type { ConfigIssue } from "@bookmesh/kernel";
import type { VirtualServiceSpec } from "../schema/virtual-service.ts";
import type { MeshReview } from "./mesh-review.ts";
import { notHonouredIssues } from "./not-honoured.ts";
import { delegateIssues, delegateWarnings } from "./review-delegates.ts";
import { httpRouteIssues, httpRouteWarnings } from "./review-http-route.ts";

/** Fields of `VirtualService.spec` that neither `translate` nor the sidecar carries out yet. */
const NOT_HONOURED: ReadonlySet<string> = new Set([
  "tls",
  "tcp",
  "http[].corsPolicy",
  "http[].match[].statPrefix",
  "http[].fault.delay.exponentialDelay",
  "http[].fault.abort.grpcStatus",
  "http[].fault.abort.http2Error",
]);

/** Judges a VirtualService beyond its schema. */
export function reviewVirtualService(spec: VirtualServiceSpec): MeshReview {
  return {
    errors: [
      ...hostIssues(spec),
      ...gatewayIssues(spec),
      ...routesIssues(spec),
      ...delegateIssues(spec),
      ...(spec.http ?? []).flatMap((route, index) => httpRouteIssues(route, `spec.http[${index}]`)),
      ...notHonouredIssues(spec, NOT_HONOURED),
    ],
    warnings: [
      ...delegateWarnings(spec),
      ...(spec.http ?? []).flatMap((route, index) => httpRouteWarnings(route, `spec.http[${index}]`)),
    ],
  };
}

const HOST = /^((\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$/i;

function hostIssues({ hosts = [], gateways = [] }: VirtualServiceSpec): readonly ConfigIssue[] {
  const holdsInSidecars = gateways.length === 0 || gateways.includes("mesh");
  return hosts.flatMap((host, index) => {
    const path = `spec.hosts[${index}]`;
    if (host === "*")
      return holdsInSidecars
        ? [{ path, problem: `"*" would take every call of every sidecar: name a domain, or gateways alone` }]
        : [];
    if (!HOST.test(host)) return [{ path, problem: `"${host}" is no host name` }];
    return hosts.indexOf(host) < index ? [{ path, problem: `"${host}" is named twice` }] : [];
  });
}

/** `mesh`, a Gateway of the same namespace, or one of another: `istio-system/edge`. */
const GATEWAY = /^([a-z0-9]([-a-z0-9]*[a-z0-9])?\/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

function gatewayIssues({ gateways = [], http = [] }: VirtualServiceSpec): readonly ConfigIssue[] {
  return [
    ...gatewayNameIssues(gateways, "spec.gateways"),
    ...http.flatMap(({ match = [] }, route) =>
      match.flatMap((condition, index) =>
        gatewayNameIssues(condition.gateways ?? [], `spec.http[${route}].match[${index}].gateways`),
      ),
    ),
  ];
}

function gatewayNameIssues(names: readonly string[], at: string): readonly ConfigIssue[] {
  return names.flatMap((name, index) =>
    GATEWAY.test(name)
      ? []
      : [{ path: `${at}[${index}]`, problem: `"${name}" is neither a Gateway's name nor namespace/name` }],
  );
}

function routesIssues({ http = [], tcp = [], tls = [] }: VirtualServiceSpec): readonly ConfigIssue[] {
  if (http.length + tcp.length + tls.length > 0) return [];
  return [{ path: "spec", problem: "must have at least one route in http, tls or tcp" }];
}
