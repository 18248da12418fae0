import type { Result } from "@bookmesh/kernel";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";
import {
  ClusterLoadAssignmentSchema,
  ClusterSchema,
  Cluster_DiscoveryType as DiscoveryType,
  HttpConnectionManagerSchema,
  DownstreamTlsContextSchema,
  ListenerSchema,
  RouteConfigurationSchema,
  RouterSchema,
  SecretSchema,
  type FilterChainSchema,
  type HealthStatus,
} from "@bookmesh/xds-api";

/** What a decoder made, for tests; throws what it refused. */
export function valueOf<T, E>(result: Result<T, E>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** A message that was unpacked, for tests; throws where it was of another type. */
export function unpacked<T>(message: T | undefined): T {
  if (message === undefined) throw new Error("not the expected type");
  return message;
}

const FROM_ADS = { configSourceSpecifier: { case: "ads", value: {} } } as const;

/** An EDS cluster, for tests. */
export function edsCluster(name: string): Any {
  const cluster = create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: FROM_ADS },
  });
  return anyPack(ClusterSchema, cluster);
}

/** The endpoints of a cluster, for tests: `10.0.0.1`, or with a health status. */
export function endpointsOf(
  clusterName: string,
  ...hosts: readonly (string | readonly [address: string, healthStatus: HealthStatus])[]
): Any {
  const lbEndpoints = hosts.map((host) => {
    const [address, healthStatus] = typeof host === "string" ? [host, 0 as const] : host;
    const socket = { address, portSpecifier: { case: "portValue", value: 8080 } } as const;
    const endpoint = { address: { address: { case: "socketAddress", value: socket } } } as const;
    return { healthStatus, hostIdentifier: { case: "endpoint", value: endpoint } } as const;
  });
  const assignment = create(ClusterLoadAssignmentSchema, { clusterName, endpoints: [{ lbEndpoints }] });
  return anyPack(ClusterLoadAssignmentSchema, assignment);
}

/** A listener with routes by RDS, for tests. */
export function rdsListener(name: string, routeConfigName: string): Any {
  return listenerOf(name, rdsChain(name, routeConfigName));
}

/** The same for clients that begin with TLS, with a certificate by SDS. */
export function tlsListener(name: string, routeConfigName: string, secret: string): Any {
  const context = create(DownstreamTlsContextSchema, {
    commonTlsContext: { tlsCertificateSdsSecretConfigs: [{ name: secret, sdsConfig: FROM_ADS }] },
  });
  const typedConfig = anyPack(DownstreamTlsContextSchema, context);
  const transportSocket = { name: "tls", configType: { case: "typedConfig", value: typedConfig } } as const;
  return listenerOf(name, { ...rdsChain(name, routeConfigName), transportSocket });
}

/** A certificate with its key, both without any sense, for tests. */
export function secretOf(name: string): Any {
  const inline = (value: string) => ({ specifier: { case: "inlineString", value } }) as const;
  const value = { certificateChain: inline("chain"), privateKey: inline("key") };
  return anyPack(SecretSchema, create(SecretSchema, { name, type: { case: "tlsCertificate", value } }));
}

function rdsChain(name: string, routeConfigName: string) {
  const router = anyPack(RouterSchema, create(RouterSchema));
  const manager = create(HttpConnectionManagerSchema, {
    statPrefix: name,
    routeSpecifier: { case: "rds", value: { routeConfigName, configSource: FROM_ADS } },
    httpFilters: [{ name: "router", configType: { case: "typedConfig", value: router } }],
  });
  const typedConfig = anyPack(HttpConnectionManagerSchema, manager);
  return { filters: [{ name: "http", configType: { case: "typedConfig", value: typedConfig } } as const] };
}

function listenerOf(name: string, chain: MessageInitShape<typeof FilterChainSchema>): Any {
  const socket = { address: "127.0.0.1", portSpecifier: { case: "portValue", value: 15_007 } } as const;
  const listener = create(ListenerSchema, {
    name,
    address: { address: { case: "socketAddress", value: socket } },
    filterChains: [chain],
  });
  return anyPack(ListenerSchema, listener);
}

/** Routes of one virtual host for each entry `domain: cluster`, for tests. */
export function routesTo(name: string, clusterOfDomain: Readonly<Record<string, string>>): Any {
  const virtualHosts = Object.entries(clusterOfDomain).map(([domain, cluster]) => ({
    name: domain,
    domains: [domain],
    routes: [
      {
        match: { pathSpecifier: { case: "prefix", value: "/" } },
        action: { case: "route", value: { clusterSpecifier: { case: "cluster", value: cluster } } },
      } as const,
    ],
  }));
  return anyPack(RouteConfigurationSchema, create(RouteConfigurationSchema, { name, virtualHosts }));
}
