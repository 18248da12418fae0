import { create } from "@bufbuild/protobuf";
import {
  RouteConfigurationSchema,
  VirtualHostSchema,
  VirtualHost_TlsRequirementType,
  type RouteConfiguration,
  type VirtualHost,
} from "@bookmesh/xds-api";
import { translateHttpRoute, type HttpRouteInputs } from "./http-route.ts";
import { inboundCluster, PASSTHROUGH_CLUSTER } from "./names.ts";
import { protoDuration } from "./duration.ts";

/** Everything that a virtual host depends on. It is also the cache key. */
export interface VirtualHostInputs {
  /** `rating.default.svc.cluster.local:8080`. */
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly HttpRouteInputs[];
  /** Requests that come in the clear are sent to https. */
  readonly requiresTls?: boolean;
}

/** Builds a virtual host, alone in a route configuration: such parts are put together by joining their bytes. */
export function translateVirtualHost(inputs: VirtualHostInputs): RouteConfiguration {
  const { name, domains, routes, requiresTls = false } = inputs;
  return create(RouteConfigurationSchema, {
    virtualHosts: [
      {
        name,
        domains: [...domains],
        routes: routes.map(translateHttpRoute),
        includeRequestAttemptCount: true,
        ...(requiresTls && { requireTls: VirtualHost_TlsRequirementType.ALL }),
      },
    ],
  });
}

/**
 * What stands around the virtual hosts of a route configuration: its name, and where calls of unknown hosts go.
 * `ignoresPort`: the port that a caller writes behind a host does not count.
 */
export function translateRouteFrame(
  name: string,
  {
    allowsUnknownHosts,
    ignoresPort,
  }: { readonly allowsUnknownHosts: boolean; readonly ignoresPort: boolean },
): RouteConfiguration {
  return create(RouteConfigurationSchema, {
    name,
    validateClusters: false,
    ignorePortInHostMatching: ignoresPort,
    virtualHosts: [allowsUnknownHosts ? catchAll("allow_any", PASSTHROUGH_CLUSTER) : blockAll()],
  });
}

/** The routes in front of the application: everything goes to it, and a try is repeated only if nothing was sent. */
export function translateInboundRoutes(port: number): RouteConfiguration {
  const name = inboundCluster(port);
  return create(RouteConfigurationSchema, {
    name,
    validateClusters: false,
    virtualHosts: [
      {
        name: `inbound|http|${port}`,
        domains: ["*"],
        routes: [
          {
            name: "default",
            match: ANY_PATH,
            action: {
              case: "route",
              value: {
                clusterSpecifier: { case: "cluster", value: name },
                timeout: protoDuration(0),
                retryPolicy: { retryOn: "reset-before-request", numRetries: 2 },
              },
            },
          },
        ],
      },
    ],
  });
}

function catchAll(name: string, cluster: string): VirtualHost {
  return create(VirtualHostSchema, {
    name,
    domains: ["*"],
    routes: [
      {
        name,
        match: ANY_PATH,
        action: {
          case: "route",
          value: {
            clusterSpecifier: { case: "cluster", value: cluster },
            timeout: protoDuration(0),
            // eslint-disable-next-line @typescript-eslint/no-deprecated -- istiod sends it, and Envoy still obeys it
            maxGrpcTimeout: protoDuration(0),
          },
        },
      },
    ],
    includeRequestAttemptCount: true,
  });
}

/** Envoy's own answer for a cluster that never has hosts would be a 503; istiod answers 502 itself. */
function blockAll(): VirtualHost {
  return create(VirtualHostSchema, {
    name: "block_all",
    domains: ["*"],
    routes: [
      { name: "block_all", match: ANY_PATH, action: { case: "directResponse", value: { status: 502 } } },
    ],
  });
}

const ANY_PATH = { pathSpecifier: { case: "prefix", value: "/" } } as const;
