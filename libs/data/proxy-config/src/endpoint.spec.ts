import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { ClusterLoadAssignmentSchema, HealthStatus } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { decodeAssignment } from "./endpoint.ts";

type Init = MessageInitShape<typeof ClusterLoadAssignmentSchema>;

const endpoint = (address: string) =>
  ({
    case: "endpoint",
    value: {
      address: {
        address: {
          case: "socketAddress",
          value: { address, portSpecifier: { case: "portValue", value: 80 } },
        },
      },
    },
  }) as const;

function decode(init: Init) {
  return decodeAssignment(create(ClusterLoadAssignmentSchema, { clusterName: "c", ...init }));
}

describe("decodeAssignment", () => {
  it("reads endpoints in a stable order, each address once", () => {
    const lbEndpoints = [
      { hostIdentifier: endpoint("10.0.0.2"), loadBalancingWeight: 3 },
      { hostIdentifier: endpoint("10.0.0.1"), healthStatus: HealthStatus.UNHEALTHY },
      { hostIdentifier: endpoint("10.0.0.2"), loadBalancingWeight: 3 },
    ];
    const result = decode({ endpoints: [{ lbEndpoints }] });
    expect(result.ok && result.value.endpoints).toEqual([
      { address: "10.0.0.1", port: 80, weight: 1, isHealthy: false },
      { address: "10.0.0.2", port: 80, weight: 3, isHealthy: true },
    ]);
  });

  it.each<{ name: string; init: Init; issue: string }>([
    {
      name: "a name to resolve",
      init: { endpoints: [{ lbEndpoints: [{ hostIdentifier: endpoint("rating") }] }] },
      issue:
        "endpoints[c].endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address must be an IP address",
    },
    {
      name: "a second priority",
      init: { endpoints: [{ priority: 1 }] },
      issue: "endpoints[c].endpoints[0].priority is not supported by this proxy",
    },
    {
      name: "requests to drop",
      init: { policy: { dropOverloads: [{}] } },
      issue: "endpoints[c].policy is not supported by this proxy",
    },
  ])("refuses $name", ({ init, issue }) => {
    const result = decode(init);
    expect(result.ok ? [] : result.error.map(({ path, problem }) => `${path} ${problem}`)).toEqual([issue]);
  });
});
