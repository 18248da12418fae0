import type { ConfigIssue } from "@bookmesh/kernel";
import type { ConnectionPool, LoadBalancerSettings, TrafficPolicy } from "../schema/traffic-policy.ts";
import { durationIssues, positiveIssues } from "./field-checks.ts";
import { notHonoured } from "./not-honoured.ts";
import { outlierIssues, outlierWarnings } from "./review-outlier-detection.ts";

/** What is wrong with one policy, beyond its schema. */
export function trafficPolicyIssues(policy: TrafficPolicy, at: string): readonly ConfigIssue[] {
  return [
    ...balancerIssues(policy.loadBalancer, `${at}.loadBalancer`),
    ...poolIssues(policy.connectionPool, `${at}.connectionPool`),
    ...outlierIssues(policy.outlierDetection, `${at}.outlierDetection`),
    ...(policy.tls === undefined || policy.tls.mode === undefined || policy.tls.mode === "DISABLE"
      ? []
      : [notHonoured(`${at}.tls.mode`)]),
    ...portIssues(policy, at),
  ];
}

/** What deserves a word in one policy although it is taken. */
export function trafficPolicyWarnings(policy: TrafficPolicy, at: string): readonly ConfigIssue[] {
  return outlierWarnings(policy.outlierDetection, `${at}.outlierDetection`);
}

function portIssues({ portLevelSettings = [] }: TrafficPolicy, at: string): readonly ConfigIssue[] {
  return portLevelSettings.flatMap(({ port }, index) =>
    (port?.number ?? 0) > 0
      ? []
      : [{ path: `${at}.portLevelSettings[${index}].port.number`, problem: "is required" }],
  );
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
