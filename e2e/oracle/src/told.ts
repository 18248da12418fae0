import { toJson, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import {
  ClusterSchema,
  LbEndpointSchema,
  RouteConfigurationSchema,
  type ClusterLoadAssignment,
  type RouteConfiguration,
} from "@bookmesh/xds-api";
import { anyRegistry } from "@bookmesh/xds-api/admin";
import { canonical } from "./canonical.ts";
import { isJsonObject, type Json, type JsonObject } from "./json.ts";
import type { Resources } from "./resources.ts";

/**
 * What a sidecar is told, as one value that can be compared: clusters and hosts of clusters by their name, route
 * configurations as their virtual hosts by their name. The order of these has no meaning; that of routes has.
 */
export function told({ clusters, endpoints, routes }: Resources): JsonObject {
  return {
    clusters: Object.fromEntries(clusters.map((cluster) => [cluster.name, written(ClusterSchema, cluster)])),
    endpoints: Object.fromEntries(
      endpoints.map((assignment) => [assignment.clusterName, hostsOf(assignment)]),
    ),
    routes: Object.fromEntries(
      routes.map((route) => [
        route.name,
        virtualHostsByName(written(RouteConfigurationSchema, withoutUnknown(route))),
      ]),
    ),
  };
}

const REGISTRY = anyRegistry();

/** Settings of an extension that nobody here knows: that it is asked for is told all the same. */
function withoutUnknown(configuration: RouteConfiguration): RouteConfiguration {
  for (const { action } of configuration.virtualHosts.flatMap(({ routes }) => routes)) {
    const priority = action.case === "route" ? action.value.retryPolicy?.retryPriority : undefined;
    if (priority) priority.configType = { case: undefined };
  }
  return configuration;
}

function written<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): Json {
  return canonical(toJson(schema, message, { registry: REGISTRY, useProtoFieldName: true }));
}

function virtualHostsByName(route: Json): Json {
  if (!isJsonObject(route) || !Array.isArray(route["virtual_hosts"])) return route;
  const hosts = route["virtual_hosts"].filter(isJsonObject);
  return {
    ...route,
    virtual_hosts: Object.fromEntries(hosts.map(withItsName)),
  };
}

/** Hosts that only redirect are one virtual host, which istiod calls by any one of them. */
function withItsName({ name, ...host }: JsonObject): readonly [string, JsonObject] {
  const onlyRedirects = host["require_tls"] !== undefined && host["routes"] === undefined;
  return onlyRedirects ? ["redirected", host] : [JSON.stringify(name), { name: name ?? "", ...host }];
}

/** By their address. Localities have no meaning as long as none is preferred. */
function hostsOf({ endpoints }: ClusterLoadAssignment): JsonObject {
  const hosts = endpoints
    .flatMap(({ lbEndpoints }) => lbEndpoints)
    .map((host) => written(LbEndpointSchema, host))
    .filter(isJsonObject);
  return Object.fromEntries(
    hosts.map(({ endpoint, ...host }) => [JSON.stringify(addressOf(endpoint)), host]),
  );
}

function addressOf(endpoint: Json | undefined): Json {
  return (isJsonObject(endpoint) ? endpoint["address"] : undefined) ?? {};
}
