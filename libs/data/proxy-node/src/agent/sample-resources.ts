import { create } from "@bufbuild/protobuf";
import { anyPack, durationFromMs, type Any } from "@bufbuild/protobuf/wkt";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  Cluster_DiscoveryType as DiscoveryType,
  HttpConnectionManagerSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  RouterSchema,
  TrafficDirection,
} from "@bookmesh/xds-api";

const FROM_ADS = { configSourceSpecifier: { case: "ads", value: {} } } as const;

/** A cluster whose hosts come by EDS. */
export function sampleCluster(name: string): Any {
  const cluster = create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: FROM_ADS },
    connectTimeout: durationFromMs(1_000),
  });
  return anyPack(ClusterSchema, cluster);
}

/** One host of a cluster. */
export function sampleEndpoints(clusterName: string, address: string, port: number): Any {
  const socket = { address, portSpecifier: { case: "portValue", value: port } } as const;
  const assignment = create(ClusterLoadAssignmentSchema, {
    clusterName,
    endpoints: [
      {
        lbEndpoints: [
          {
            hostIdentifier: {
              case: "endpoint",
              value: { address: { address: { case: "socketAddress", value: socket } } },
            },
          },
        ],
      },
    ],
  });
  return anyPack(ClusterLoadAssignmentSchema, assignment);
}

/** The forward proxy's listener. */
export function sampleListener(address: string, port: number): Any {
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: "http_proxy",
    routeSpecifier: { case: "rds", value: { routeConfigName: "http_proxy", configSource: FROM_ADS } },
    httpProtocolOptions: { allowAbsoluteUrl: true },
    httpFilters: [
      {
        name: "envoy.filters.http.router",
        configType: { case: "typedConfig", value: anyPack(RouterSchema, create(RouterSchema)) },
      },
    ],
  });
  const listener = create(ListenerSchema, {
    name: "http_proxy",
    trafficDirection: TrafficDirection.OUTBOUND,
    address: {
      address: {
        case: "socketAddress",
        value: { address, portSpecifier: { case: "portValue", value: port } },
      },
    },
    filterChains: [
      {
        filters: [
          {
            name: "envoy.filters.network.http_connection_manager",
            configType: { case: "typedConfig", value: anyPack(HttpConnectionManagerSchema, manager) },
          },
        ],
      },
    ],
  });
  return anyPack(ListenerSchema, listener);
}

/** Routes that lead everything for `domain` to `cluster`. */
export function sampleRoutes(domain: string, cluster: string): Any {
  const routes = create(RouteConfigurationSchema, {
    name: "http_proxy",
    virtualHosts: [
      {
        name: domain,
        domains: [domain],
        routes: [
          {
            name: "default",
            match: { pathSpecifier: { case: "prefix", value: "/" } },
            action: { case: "route", value: { clusterSpecifier: { case: "cluster", value: cluster } } },
          },
        ],
      },
    ],
  });
  return anyPack(RouteConfigurationSchema, routes);
}
