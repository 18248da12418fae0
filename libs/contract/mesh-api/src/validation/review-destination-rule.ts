import type { ConfigIssue } from "@bookmesh/kernel";
import type { DestinationRuleSpec, Subset } from "../schema/destination-rule.ts";
import type { TrafficPolicy } from "../schema/traffic-policy.ts";
import type { MeshReview } from "./mesh-review.ts";
import { notHonouredIssues } from "./not-honoured.ts";
import { trafficPolicyIssues, trafficPolicyWarnings } from "./review-traffic-policy.ts";

const PER_PORT_NOT_HONOURED = [
  "loadBalancer.consistentHash",
  "loadBalancer.localityLbSetting",
  "loadBalancer.warmup",
  "loadBalancer.warmupDurationSecs",
  "connectionPool.http.maxConcurrentStreams",
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
      ...subsets.flatMap((subset, index) => subsetIssues(subset, subsets, index)),
      ...policiesOf(spec).flatMap(({ policy, path }) => trafficPolicyIssues(policy, path)),
      ...notHonouredIssues(spec, NOT_HONOURED),
    ],
    warnings: policiesOf(spec).flatMap(({ policy, path }) => trafficPolicyWarnings(policy, path)),
  };
}

interface PlacedPolicy {
  readonly policy: TrafficPolicy;
  readonly path: string;
}

/** Every policy of the rule: its own, its subsets', and those of single ports in each. */
function policiesOf({ trafficPolicy, subsets = [] }: DestinationRuleSpec): readonly PlacedPolicy[] {
  const policies = [
    { policy: trafficPolicy, path: "spec.trafficPolicy" },
    ...subsets.map((subset, index) => ({
      policy: subset.trafficPolicy,
      path: `spec.subsets[${index}].trafficPolicy`,
    })),
  ];
  return policies.flatMap(({ policy, path }) => {
    if (policy === undefined) return [];
    const ofPorts = (policy.portLevelSettings ?? []).map((settings, index) => ({
      policy: settings,
      path: `${path}.portLevelSettings[${index}]`,
    }));
    return [{ policy, path }, ...ofPorts];
  });
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
  ];
}
