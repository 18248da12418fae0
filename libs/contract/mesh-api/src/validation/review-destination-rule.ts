import type { ConfigIssue } from "@bookmesh/kernel";
import type { DestinationRuleSpec, Subset } from "../schema/destination-rule.ts";
import type { ConnectionPool, LoadBalancerSettings, TrafficPolicy } from "../schema/traffic-policy.ts";
import { durationIssues, positiveIssues } from "./field-checks.ts";
import type { MeshReview } from "./mesh-review.ts";
import { notHonoured, notHonouredIssues } from "./not-honoured.ts";

const PER_PORT_NOT_HONOURED = [
  "loadBalancer.consistentHash",
  "loadBalancer.localityLbSetting",
  "loadBalancer.warmup",
  "loadBalancer.warmupDurationSecs",
  "connectionPool.tcp.idleTimeout",
  "connectionPool.tcp.maxConnectionDuration",
  "connectionPool.tcp.tcpKeepalive",
  "connectionPool.http.idleTimeout",
  "connectionPool.http.h2UpgradePolicy",
  "connectionPool.http.useClientProtocol",
  "connectionPool.http.maxConcurrentStreams",
  "outlierDetection",
];

const POLICY_NOT_HONOURED = [
  ...PER_PORT_NOT_HONOURED,
  ...PER_PORT_NOT_HONOURED.map((field) => `portLevelSettings[].${field}`),
  "tunnel",
  "proxyProtocol",
  "retryBudget",
];

/** Fields of `DestinationRule.spec` that neither `translate` nor the sidecar carries out yet. */
const NOT_HONOURED: ReadonlySet<string> = new Set([
  "workloadSelector",
  ...POLICY_NOT_HONOURED.map((field) => `trafficPolicy.${field}`),
  ...POLICY_NOT_HONOURED.map((field) => `subsets[].trafficPolicy.${field}`),
]);

/** Judges a DestinationRule beyond its schema. */
export function reviewDestinationRule(spec: DestinationRuleSpec): MeshReview {
  const subsets = spec.subsets ?? [];
  return {
    errors: [
      ...(spec.host === "" ? [{ path: "spec.host", problem: "must not be empty" }] : []),
      ...policyIssues(spec.trafficPolicy, "spec.trafficPolicy"),
      ...subsets.flatMap((subset, index) => subsetIssues(subset, subsets, index)),
      ...notHonouredIssues(spec, NOT_HONOURED),
    ],
    warnings: [],
  };
}

const SUBSET_NAME = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/;

function subsetIssues(subset: Subset, all: readonly Subset[], index: number): readonly ConfigIssue[] {
  const at = `spec.subsets[${index}]`;
  const first = all.findIndex(({ name }) => name === subset.name);
  return [
    ...(SUBSET_NAME.test(subset.name) && subset.name.length <= 63
      ? []
      : [{ path: `${at}.name`, problem: `"${subset.name}" must be letters, digits and "-", at most 63` }]),
    ...(first < index ? [{ path: `${at}.name`, problem: `"${subset.name}" is named twice` }] : []),
    ...policyIssues(subset.trafficPolicy, `${at}.trafficPolicy`),
  ];
}

function policyIssues(policy: TrafficPolicy | undefined, at: string): readonly ConfigIssue[] {
  if (policy === undefined) return [];
  return [
    ...perPortIssues(policy, at),
    ...(policy.portLevelSettings ?? []).flatMap((settings, index) => {
      const path = `${at}.portLevelSettings[${index}]`;
      const hasPort = (settings.port?.number ?? 0) > 0;
      return [
        ...(hasPort ? [] : [{ path: `${path}.port.number`, problem: "is required" }]),
        ...perPortIssues(settings, path),
      ];
    }),
  ];
}

function perPortIssues(policy: TrafficPolicy, at: string): readonly ConfigIssue[] {
  return [
    ...balancerIssues(policy.loadBalancer, `${at}.loadBalancer`),
    ...poolIssues(policy.connectionPool, `${at}.connectionPool`),
    ...(policy.tls === undefined || policy.tls.mode === undefined || policy.tls.mode === "DISABLE"
      ? []
      : [notHonoured(`${at}.tls.mode`)]),
  ];
}

function balancerIssues(balancer: LoadBalancerSettings | undefined, at: string): readonly ConfigIssue[] {
  if (balancer === undefined) return [];
  if (balancer.simple === "PASSTHROUGH") return [notHonoured(`${at}.simple`)];
  return balancer.simple !== undefined && balancer.consistentHash !== undefined
    ? [{ path: at, problem: "must have only one of simple and consistentHash" }]
    : [];
}

function poolIssues(pool: ConnectionPool | undefined, at: string): readonly ConfigIssue[] {
  if (pool === undefined) return [];
  const { tcp, http } = pool;
  return [
    ...durationIssues(`${at}.tcp.connectTimeout`, tcp?.connectTimeout),
    ...positiveIssues(`${at}.tcp.maxConnections`, tcp?.maxConnections),
    ...positiveIssues(`${at}.http.http1MaxPendingRequests`, http?.http1MaxPendingRequests),
    ...positiveIssues(`${at}.http.http2MaxRequests`, http?.http2MaxRequests),
    ...notNegativeIssues(`${at}.http.maxRequestsPerConnection`, http?.maxRequestsPerConnection),
    ...notNegativeIssues(`${at}.http.maxRetries`, http?.maxRetries),
  ];
}

/** 0 means "no limit" here. */
function notNegativeIssues(path: string, value: number | undefined): readonly ConfigIssue[] {
  return value === undefined || value >= 0 ? [] : [{ path, problem: "must not be negative" }];
}
