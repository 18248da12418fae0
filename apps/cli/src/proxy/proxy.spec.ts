import { describe, expect, it } from "vitest";
import { readConfigDump } from "./config-dump.ts";
import { jsonView } from "./json-view.ts";
import { clustersTable, endpointsTable, listenersTable, routesTable } from "./proxy-tables.ts";
import { inSync, readSyncStatus } from "./sync-status.ts";

const RULE = {
  filter_metadata: {
    istio: { config: "/apis/networking.istio.io/v1/namespaces/default/virtual-service/rating" },
  },
};

const DUMP = readConfigDump(
  JSON.stringify({
    configs: [
      {
        "@type": "type.googleapis.com/envoy.admin.v3.ListenersConfigDump",
        dynamic_listeners: [
          {
            active_state: {
              listener: {
                address: { socket_address: { address: "127.0.0.2", port_value: 15007 } },
                filter_chains: [
                  { filters: [{ typed_config: { rds: { route_config_name: "http_proxy" } } }] },
                ],
              },
            },
          },
          { name: "still warming" },
        ],
      },
      {
        "@type": "type.googleapis.com/envoy.admin.v3.ClustersConfigDump",
        dynamicActiveClusters: [
          {
            cluster: {
              name: "outbound|8080|v1|rating.default.svc.cluster.local",
              type: "EDS",
              metadata: RULE,
            },
          },
          { cluster: { name: "BlackHoleCluster" } },
        ],
      },
      {
        "@type": "type.googleapis.com/envoy.admin.v3.RoutesConfigDump",
        dynamic_route_configs: [
          {
            route_config: {
              name: "http_proxy",
              virtual_hosts: [
                {
                  name: "rating:8080",
                  domains: ["rating.default.svc", "rating", "10.96.0.7", "rating.default"],
                  routes: [{ match: { prefix: "/rate" }, metadata: RULE }, { match: { path: "/x" } }],
                },
              ],
            },
          },
        ],
      },
    ],
  }),
);

describe("proxy tables", () => {
  it("show listeners that are active", () => {
    expect(listenersTable(DUMP).rows).toEqual([["127.0.0.2", "15007", "ALL", "Route: http_proxy"]]);
  });

  it("take the names of clusters apart", () => {
    expect(clustersTable(DUMP).rows).toEqual([
      ["rating.default.svc.cluster.local", "8080", "v1", "outbound", "EDS", "rating.default"],
      ["BlackHoleCluster", "-", "-", "-", "STATIC", ""],
    ]);
  });

  it("show a row for each route, with its shortest domains", () => {
    expect(routesTable(DUMP).rows).toEqual([
      ["http_proxy", "rating:8080", "rating, 10.96.0.7 + 2 more...", "/rate*", "rating.default"],
      ["http_proxy", "rating:8080", "rating, 10.96.0.7 + 2 more...", "/x", ""],
    ]);
  });

  it("show the health of hosts", () => {
    const host = (health_status: object) => ({
      address: { socket_address: { address: "10.0.0.1", port_value: 8080 } },
      health_status,
    });
    const clusters = {
      cluster_statuses: [
        {
          name: "c",
          host_statuses: [host({ eds_health_status: "HEALTHY" }), host({ failed_outlier_check: true })],
        },
      ],
    };
    expect(endpointsTable(jsonView(clusters)).rows).toEqual([
      ["10.0.0.1:8080", "HEALTHY", "OK", "c"],
      ["10.0.0.1:8080", "HEALTHY", "FAILED", "c"],
    ]);
  });
});

describe("readSyncStatus", () => {
  const proxy = {
    proxy: "a.default",
    cluster_id: "Kubernetes",
    istio_version: "0.1.0",
    cluster_sent: "1",
    cluster_acked: "1",
    listener_sent: "2",
    listener_acked: "1",
    route_sent: "3",
    route_acked: "2",
    resources: {
      "type.googleapis.com/envoy.config.route.v3.RouteConfiguration": { lastError: "virtual_hosts[0]: no" },
    },
  };

  it("tells what is synced, stale, refused and not sent", () => {
    const [status] = readSyncStatus(JSON.stringify([proxy]));
    expect(status).toMatchObject({
      name: "a.default",
      states: { CDS: "SYNCED", LDS: "STALE", EDS: "NOT SENT", RDS: "ERROR" },
      refusals: [{ type: "RDS", detail: "virtual_hosts[0]: no" }],
    });
    expect(status && inSync(status)).toBe(false);
  });
});
