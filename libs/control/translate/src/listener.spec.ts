import { describe, expect, it } from "vitest";
import { rating, RATING_V1, resourcesOf } from "./testing/rating-world.ts";

describe("listeners", () => {
  it("are one for the application's calls, and one for each of its ports that a service names", () => {
    expect(Object.keys(resourcesOf("listener", {}, RATING_V1))).toEqual(["http_proxy", "127.16.0.1_8082"]);
    expect(resourcesOf("listener", {}, RATING_V1)["http_proxy"]).toMatchObject({
      address: { socket_address: { address: "127.144.0.1", port_value: 15_007 } },
      traffic_direction: "OUTBOUND",
    });
  });

  it.each([
    { name: "http", chains: ["http_connection_manager"] },
    { name: "grpc", chains: ["tcp_proxy"] },
    { name: "tcp", chains: ["tcp_proxy"] },
    { name: "web", chains: ["http_connection_manager", "tcp_proxy"] },
  ])("of a port named $name have $chains", ({ name, chains }) => {
    const services = [
      { ...rating, spec: { ...rating.spec, ports: [{ name, port: 80, targetPort: "web" }] } },
    ];
    const listener = JSON.stringify(resourcesOf("listener", { services }, RATING_V1)["127.16.0.1_8090"]);
    const filters = [...listener.matchAll(/envoy\.filters\.network\.(\w+)/g)].map(([, filter]) => filter);
    expect(filters).toEqual(chains);
  });

  it("have their filters in istiod's order", () => {
    const listener = JSON.stringify(resourcesOf("listener")["http_proxy"]);
    const filters = [...listener.matchAll(/envoy\.filters\.http\.(\w+)"/g)].map(([, filter]) => filter);
    expect(filters).toEqual(["fault", "router"]);
  });
});
