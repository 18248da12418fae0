import type { TrafficPolicy } from "@bookmesh/mesh-api";
import { describe, expect, it } from "vitest";
import { clusterPolicy } from "./cluster-policy.ts";

const RULE: TrafficPolicy = {
  loadBalancer: { simple: "RANDOM" },
  connectionPool: { tcp: { maxConnections: 1, connectTimeout: "1s" } },
  outlierDetection: { consecutive5xxErrors: 1 },
};
const OF_RULE = {
  balancing: "RANDOM",
  connectionPool: { tcp: { maxConnections: 1, connectTimeout: "1s" } },
  outlierDetection: { consecutive5xxErrors: 1 },
};

describe("clusterPolicy", () => {
  it.each<{ name: string; policies: (TrafficPolicy | undefined)[]; policy: object }>([
    { name: "the mesh's, where no rule has one", policies: [], policy: { balancing: "LEAST_REQUEST" } },
    { name: "the rule's, for a subset without one", policies: [RULE, undefined], policy: OF_RULE },
    {
      name: "the subset's fields, each whole, before the rule's",
      policies: [RULE, { connectionPool: { http: { maxRetries: 3 } } }],
      policy: {
        balancing: "RANDOM",
        connectionPool: { http: { maxRetries: 3 } },
        outlierDetection: { consecutive5xxErrors: 1 },
      },
    },
    {
      name: "the port's, and nothing else of the rule",
      policies: [{ ...RULE, portLevelSettings: [{ port: { number: 80 }, outlierDetection: {} }] }],
      policy: { balancing: "LEAST_REQUEST", outlierDetection: {} },
    },
    {
      name: "no other port's",
      policies: [{ ...RULE, portLevelSettings: [{ port: { number: 81 } }] }],
      policy: OF_RULE,
    },
    {
      name: "what a subset says of the port, and nothing of the rule",
      policies: [RULE, { portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: "RANDOM" } }] }],
      policy: { balancing: "RANDOM" },
    },
    {
      name: "what the rule says of the port, beside a subset's other fields",
      policies: [
        { ...RULE, portLevelSettings: [{ port: { number: 80 }, outlierDetection: { interval: "1s" } }] },
        { loadBalancer: { simple: "ROUND_ROBIN" } },
      ],
      policy: { balancing: "ROUND_ROBIN", outlierDetection: { interval: "1s" } },
    },
  ])("is $name", ({ policies, policy }) => {
    expect(clusterPolicy(policies, 80, "LEAST_REQUEST")).toEqual(policy);
  });
});
