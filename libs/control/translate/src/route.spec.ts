import type { JsonObject } from "@bufbuild/protobuf";
import { DEFAULT_MESH_CONFIG } from "@bookmesh/mesh-api";
import { describe, expect, it } from "vitest";
import type { MeshSnapshot } from "./mesh-snapshot.ts";
import { HOST, resourcesOf, subsets, toV1 } from "./testing/rating-world.ts";

describe("routes", () => {
  const firstRoute = (world: Partial<MeshSnapshot>) => {
    const [host] = virtualHostsOf(world);
    return host?.routes[0];
  };

  it("go to the service, with istiod's defaults, where no rule says anything", () => {
    expect(firstRoute({})).toMatchObject({
      name: "default",
      match: { prefix: "/" },
      route: {
        cluster: `outbound|8080||${HOST}`,
        timeout: "0s",
        max_grpc_timeout: "0s",
        retry_policy: {
          retry_on: "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
          num_retries: 2,
          retry_host_predicate: [{ name: "envoy.retry_host_predicates.previous_hosts" }],
          host_selection_retry_max_attempts: "5",
        },
      },
    });
  });

  it("name the rule that they come from", () => {
    expect(firstRoute({ virtualServices: [toV1], destinationRules: [subsets] })).toMatchObject({
      name: "canary",
      route: { cluster: `outbound|8080|v1|${HOST}` },
      metadata: {
        filter_metadata: {
          istio: { config: "/apis/networking.istio.io/v1/namespaces/default/virtual-service/rating" },
        },
      },
    });
  });

  it("go to the service where none of a rule's can hold", () => {
    const elsewhere = [{ match: [{ port: 9 }], route: [{ destination: { host: "other" } }] }];
    const rule = { ...toV1, spec: { hosts: ["rating"], http: elsewhere } };
    expect(firstRoute({ virtualServices: [rule] })).toMatchObject({ name: "default" });
  });

  it("answer to every name of the service with its port", () => {
    expect(virtualHostsOf({})[0]?.domains).toEqual([
      `${HOST}:8080`,
      `${HOST}.:8080`,
      "rating:8080",
      "rating.default.svc:8080",
      "rating.default:8080",
      "10.96.0.11:8080",
    ]);
  });

  it.each([
    { mode: "ALLOW_ANY", last: "allow_any" },
    { mode: "REGISTRY_ONLY", last: "block_all" },
  ] as const)("end with $last where the outbound policy is $mode", ({ mode, last }) => {
    const meshConfig = { ...DEFAULT_MESH_CONFIG, outboundTrafficPolicy: { mode } };
    expect(virtualHostsOf({ meshConfig }).at(-1)).toMatchObject({ name: last, domains: ["*"] });
  });
});

interface VirtualHostJson {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly JsonObject[];
}

function virtualHostsOf(world: Partial<MeshSnapshot>): readonly VirtualHostJson[] {
  const hosts = resourcesOf("route", world)["http_proxy"]?.["virtual_hosts"];
  return Array.isArray(hosts) ? hosts.flatMap((host) => (isVirtualHost(host) ? [host] : [])) : [];
}

function isVirtualHost(json: unknown): json is VirtualHostJson {
  return typeof json === "object" && json !== null && "name" in json && "domains" in json && "routes" in json;
}
