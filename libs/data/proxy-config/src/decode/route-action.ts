import type { DirectResponseAction, FaultPolicy, HeaderEdits, RetryPolicy } from "@bookmesh/proxy-core";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  DirectResponseActionSchema,
  RouteActionSchema,
  RouteAction_ClusterNotFoundResponseCode as NotFoundCode,
  RouteAction_RequestMirrorPolicySchema,
  WeightedClusterSchema,
  WeightedCluster_ClusterWeightSchema,
  type DirectResponseAction as DirectResponseActionProto,
  type RetryPolicy as RetryPolicyProto,
  type RouteAction as RouteActionProto,
  type RouteAction_RequestMirrorPolicy,
  type WeightedCluster,
  type WeightedCluster_ClusterWeight,
} from "@bookmesh/xds-api";
import { FAULT_FILTER, readFault } from "./fault.ts";
import { HEADER_EDIT_FIELDS, mergeEdits, readRequestEdits, readResponseEdits } from "./header-edits.ts";
import { prefixRewrite, readRegexRewrite, type PathRewrite } from "./path-rewrite.ts";
import { below, complain, refuseFieldsBut, type Place } from "./place.ts";
import { readRetryPolicy } from "./retry-policy.ts";
import { readDurationMs, readFraction, refuseInvisible } from "./values.ts";

/** Envoy's default of `RouteAction.timeout`. */
const DEFAULT_ROUTE_TIMEOUT_MS = 15_000;
/** Envoy's limit of `max_direct_response_body_size_bytes`. */
const MAX_DIRECT_BODY_BYTES = 4_096;

/** A cluster by name, with its share of the requests. */
export interface Target {
  readonly cluster: string;
  readonly weight: number;
  /** What it alone changes of heads; absent: nothing. */
  readonly edits?: TargetEdits;
}

/** Edits that hold for one of several clusters. */
export interface TargetEdits {
  readonly request: HeaderEdits;
  readonly response: HeaderEdits;
  readonly authority: string | undefined;
}

/** What a route forwards to, clusters still by name. */
export interface ForwardSpec {
  readonly kind: "forward";
  readonly targets: readonly Target[];
  readonly timeoutMs: number;
  /** `undefined`: the listener's. */
  readonly idleTimeoutMs: number | undefined;
  readonly retry: RetryPolicy | undefined;
  /** `undefined`: the listener's. */
  readonly fault: FaultPolicy | undefined;
  readonly mirrors: readonly {
    readonly cluster: string;
    readonly fraction: number;
    readonly isMarked: boolean;
  }[];
  readonly authority: string | undefined;
  readonly path: PathRewrite | undefined;
}

/** What a route action falls back to: the virtual host's own settings. */
export interface RouteDefaults {
  readonly matchedPrefix: string | undefined;
  readonly retryPolicy: RetryPolicyProto | undefined;
  readonly mirrors: readonly RouteAction_RequestMirrorPolicy[];
  readonly fault: FaultPolicy | undefined;
}

const FORWARD_FIELDS = [
  "cluster",
  "weighted_clusters",
  "cluster_not_found_response_code",
  "prefix_rewrite",
  "regex_rewrite",
  "host_rewrite_literal",
  "timeout",
  "idle_timeout",
  "retry_policy",
  "request_mirror_policies",
  // These three speak of gRPC alone, which passes through as bytes of HTTP/2.
  "max_grpc_timeout",
  "grpc_timeout_offset",
  "max_stream_duration",
] as const;

/** Reads a route that forwards. Source: Envoy `RouteAction`. */
export function readForward(place: Place, proto: RouteActionProto, defaults: RouteDefaults): ForwardSpec {
  refuseFieldsBut(place, [RouteActionSchema, proto], FORWARD_FIELDS);
  if (proto.clusterNotFoundResponseCode !== NotFoundCode.SERVICE_UNAVAILABLE)
    complain(below(place, "cluster_not_found_response_code"), "must be SERVICE_UNAVAILABLE");
  if (proto.maxStreamDuration?.maxStreamDuration)
    complain(below(place, "max_stream_duration.max_stream_duration"), "is not supported by this proxy");
  const { hostRewriteSpecifier } = proto;
  if (hostRewriteSpecifier.case === "hostRewriteLiteral")
    refuseInvisible(below(place, "host_rewrite_literal"), hostRewriteSpecifier.value);
  const retry = proto.retryPolicy ?? defaults.retryPolicy;
  const mirrors = proto.requestMirrorPolicies.length > 0 ? proto.requestMirrorPolicies : defaults.mirrors;
  return {
    kind: "forward",
    targets: readTargets(place, proto),
    timeoutMs: readDurationMs(below(place, "timeout"), proto.timeout, DEFAULT_ROUTE_TIMEOUT_MS),
    idleTimeoutMs: proto.idleTimeout && readDurationMs(below(place, "idle_timeout"), proto.idleTimeout, 0),
    retry: retry && readRetryPolicy(below(place, "retry_policy"), retry),
    fault: defaults.fault,
    mirrors: mirrors.map((mirror, index) =>
      readMirror(below(place, "request_mirror_policies", index), mirror),
    ),
    authority: hostRewriteSpecifier.case === "hostRewriteLiteral" ? hostRewriteSpecifier.value : undefined,
    path: readPathRewrite(place, proto, defaults.matchedPrefix),
  };
}

function readTargets(place: Place, { clusterSpecifier }: RouteActionProto): readonly Target[] {
  if (clusterSpecifier.case === "cluster") return [{ cluster: clusterSpecifier.value, weight: 1 }];
  if (clusterSpecifier.case === "weightedClusters")
    return readWeightedClusters(below(place, "weighted_clusters"), clusterSpecifier.value);
  complain(place, "must have a cluster or weighted_clusters");
  return [];
}

function readWeightedClusters(place: Place, proto: WeightedCluster): readonly Target[] {
  refuseFieldsBut(place, [WeightedClusterSchema, proto], ["clusters", "runtime_key_prefix"]);
  const targets = proto.clusters.map((cluster, index) => {
    const at = below(place, "clusters", index);
    refuseFieldsBut(
      at,
      [WeightedCluster_ClusterWeightSchema, cluster],
      ["name", "weight", "host_rewrite_literal", ...HEADER_EDIT_FIELDS],
    );
    if (cluster.name === "") complain(below(at, "name"), "must not be empty");
    const edits = readTargetEdits(at, cluster);
    return { cluster: cluster.name, weight: cluster.weight ?? 0, ...(edits && { edits }) };
  });
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) complain(below(place, "clusters"), "must have a sum of weights above 0");
  if (total > 4_294_967_295) complain(below(place, "clusters"), "must have a sum of weights below 2^32");
  return targets;
}

function readTargetEdits(place: Place, cluster: WeightedCluster_ClusterWeight): Target["edits"] {
  const { hostRewriteSpecifier: host } = cluster;
  const authority = host.case === "hostRewriteLiteral" ? host.value : undefined;
  refuseInvisible(below(place, "host_rewrite_literal"), authority ?? "");
  const request = readRequestEdits(place, cluster);
  const response = readResponseEdits(place, cluster);
  const edits = { request, response, authority };
  return mergeEdits([request, response]) || authority !== undefined ? edits : undefined;
}

function readMirror(place: Place, proto: RouteAction_RequestMirrorPolicy): ForwardSpec["mirrors"][number] {
  // `trace_sampled` is a wish about spans, and there are none.
  refuseFieldsBut(
    place,
    [RouteAction_RequestMirrorPolicySchema, proto],
    ["cluster", "runtime_fraction", "trace_sampled", "disable_shadow_host_suffix_append"],
  );
  const { runtimeFraction } = proto;
  const at = below(place, "runtime_fraction");
  return {
    cluster: proto.cluster,
    fraction: runtimeFraction ? readFraction(at, runtimeFraction.defaultValue) : 1,
    isMarked: !proto.disableShadowHostSuffixAppend,
  };
}

function readPathRewrite(
  place: Place,
  proto: RouteActionProto,
  matchedPrefix: string | undefined,
): PathRewrite | undefined {
  if (proto.regexRewrite) return readRegexRewrite(below(place, "regex_rewrite"), proto.regexRewrite);
  if (proto.prefixRewrite === "") return undefined;
  return prefixRewrite(below(place, "prefix_rewrite"), proto.prefixRewrite, matchedPrefix);
}

/** Reads a route that answers by itself. */
export function readDirectResponse(place: Place, proto: DirectResponseActionProto): DirectResponseAction {
  refuseFieldsBut(place, [DirectResponseActionSchema, proto], ["status", "body"]);
  if (proto.status < 200 || proto.status > 599) complain(below(place, "status"), "must be from 200 to 599");
  return { kind: "direct", status: proto.status, body: readBody(below(place, "body"), proto) };
}

function readBody(place: Place, { body }: DirectResponseActionProto): string {
  const specifier = body?.specifier;
  const text =
    specifier?.case === "inlineBytes"
      ? new TextDecoder().decode(specifier.value)
      : specifier?.case === "inlineString"
        ? specifier.value
        : undefined;
  if (body && text === undefined) complain(place, "must be an inline_string or inline_bytes");
  if (text !== undefined && text.length > MAX_DIRECT_BODY_BYTES)
    complain(place, `must not be longer than ${MAX_DIRECT_BODY_BYTES} bytes`);
  return text ?? "";
}

/** Reads `typed_per_filter_config`: the settings of the fault filter, and no other's. */
export function readFilterConfigs(
  place: Place,
  configs: Readonly<Record<string, Any>>,
): FaultPolicy | undefined {
  let fault: FaultPolicy | undefined;
  for (const [filter, any] of Object.entries(configs)) {
    const at = below(place, "typed_per_filter_config", filter);
    if (filter === FAULT_FILTER) fault = readFault(at, any);
    else complain(at, "names a filter that this proxy does not have");
  }
  return fault;
}
