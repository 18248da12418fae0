import type { OutlierDetection } from "@bookmesh/mesh-api";
import { describe, expect, it } from "vitest";
import { HOST, resourcesOf, subsets } from "./testing/rating-world.ts";

function clusterWith(outlierDetection: OutlierDetection) {
  const rule = { ...subsets, spec: { host: "rating", trafficPolicy: { outlierDetection } } };
  return resourcesOf("cluster", { destinationRules: [rule] })[`outbound|8080||${HOST}`];
}

describe("outlier detection", () => {
  it.each<{ name: string; rules: OutlierDetection; xds: object }>([
    { name: "nothing but the decision for it", rules: {}, xds: {} },
    {
      name: "the article's breaker",
      rules: { consecutive5xxErrors: 1, interval: "1s", baseEjectionTime: "3m", maxEjectionPercent: 100 },
      xds: {
        consecutive_5xx: 1,
        enforcing_consecutive_5xx: 100,
        interval: "1s",
        base_ejection_time: "180s",
        max_ejection_percent: 100,
      },
    },
    {
      name: "gateway errors in the place of all errors",
      rules: { consecutive5xxErrors: 0, consecutiveGatewayErrors: 7 },
      xds: {
        consecutive_5xx: 0,
        enforcing_consecutive_5xx: 0,
        consecutive_gateway_failure: 7,
        enforcing_consecutive_gateway_failure: 100,
      },
    },
    {
      name: "failed connections, counted apart",
      rules: { splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 3 },
      xds: {
        split_external_local_origin_errors: true,
        enforcing_local_origin_success_rate: 0,
        consecutive_local_origin_failure: 3,
        enforcing_consecutive_local_origin_failure: 100,
      },
    },
    { name: "no share of hosts, which is Envoy's 10 %", rules: { maxEjectionPercent: 0 }, xds: {} },
  ])("carries $name", ({ rules, xds }) => {
    expect(clusterWith(rules)?.["outlier_detection"]).toEqual({ enforcing_success_rate: 0, ...xds });
  });

  it("lets all hosts be called again where too few are healthy", () => {
    expect(clusterWith({ minHealthPercent: 30 })).toMatchObject({
      common_lb_config: { healthy_panic_threshold: { value: 30 } },
    });
  });

  it("is not there where no rule asks for it", () => {
    expect(resourcesOf("cluster")[`outbound|8080||${HOST}`]).not.toHaveProperty("outlier_detection");
  });
});
