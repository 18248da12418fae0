import type { ConfigIssue } from "@bookmesh/kernel";
import type { ConnectionPool, LoadBalancerSettings, TrafficPolicy } from "../schema/traffic-policy.ts";
import { parseDurationMs } from "../duration.ts";
import { durationIssues } from "./field-checks.ts";
import { notHonoured } from "./not-honoured.ts";
import { outlierIssues, outlierWarnings } from "./review-outlier-detection.ts";

const SETTINGS = [
  "loadBalancer",
  "connectionPool",
  "outlierDetection",
  "tls",
  "portLevelSettings",
  "tunnel",
  "proxyProtocol",
  "retryBudget",
] as const satisfies readonly (keyof TrafficPolicy)[];

/** What is wrong with one policy, beyond its schema. */
export function trafficPolicyIssues(policy: TrafficPolicy, at: string): readonly ConfigIssue[] {
  return [
    ...(SETTINGS.some((setting) => says(policy[setting]))
      ? []
      : [{ path: at, problem: "must have at least one field" }]),
    ...balancerIssues(policy.loadBalancer, `${at}.loadBalancer`),
    ...poolIssues(policy.connectionPool, `${at}.connectionPool`),
    ...outlierIssues(policy.outlierDetection, `${at}.outlierDetection`),
    ...(policy.tls === undefined || policy.tls.mode === undefined || policy.tls.mode === "DISABLE"
      ? []
      : [notHonoured(`${at}.tls.mode`)]),
    ...portIssues(policy, at),
  ];
}

function says(setting: object | undefined): boolean {
  return setting !== undefined && !(Array.isArray(setting) && setting.length === 0);
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
    ...(tcp === undefined && http === undefined ? [{ path: at, problem: "must have tcp or http" }] : []),
    ...durationIssues(`${at}.tcp.connectTimeout`, tcp?.connectTimeout),
    ...durationIssues(`${at}.tcp.maxConnectionDuration`, tcp?.maxConnectionDuration),
    // 0 turns it off.
    ...(parseDurationMs(tcp?.idleTimeout ?? "0s") === 0
      ? []
      : durationIssues(`${at}.tcp.idleTimeout`, tcp?.idleTimeout)),
    ...secondsIssues(`${at}.tcp.tcpKeepalive.time`, tcp?.tcpKeepalive?.time),
    ...secondsIssues(`${at}.tcp.tcpKeepalive.interval`, tcp?.tcpKeepalive?.interval),
    ...durationIssues(`${at}.http.idleTimeout`, http?.idleTimeout),
    ...(http?.h2UpgradePolicy === "UPGRADE" ? [notHonoured(`${at}.http.h2UpgradePolicy`)] : []),
    ...limitIssues(`${at}.tcp.maxConnections`, tcp?.maxConnections),
    ...limitIssues(`${at}.http.http1MaxPendingRequests`, http?.http1MaxPendingRequests),
    ...limitIssues(`${at}.http.http2MaxRequests`, http?.http2MaxRequests),
    ...limitIssues(`${at}.http.maxRequestsPerConnection`, http?.maxRequestsPerConnection),
    ...limitIssues(`${at}.http.maxRetries`, http?.maxRetries),
  ];
}

/** 0 means "no limit", as in Istio. */
function limitIssues(path: string, value: number | undefined): readonly ConfigIssue[] {
  return value === undefined || value >= 0 ? [] : [{ path, problem: "must not be negative" }];
}

/** The kernel counts in seconds. */
function secondsIssues(path: string, text: string | undefined): readonly ConfigIssue[] {
  const issues = durationIssues(path, text);
  const isWhole = Number.isInteger((parseDurationMs(text ?? "0s") ?? 0) / 1_000);
  return issues.length > 0 || isWhole ? issues : [{ path, problem: "must be whole seconds" }];
}
