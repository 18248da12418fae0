import { create } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  ClusterSchema,
  Cluster_DiscoveryType,
  Cluster_LbPolicy,
  HttpProtocolOptionsSchema,
  type Cluster,
} from "@bookmesh/xds-api";
import type { ClusterPolicy } from "./cluster-policy.ts";
import { fromAds } from "./config-source.ts";
import { protoDuration } from "./duration.ts";
import type { MessageInit } from "./message-init.ts";
import { BLACK_HOLE_CLUSTER, inboundCluster, outboundCluster, PASSTHROUGH_CLUSTER } from "./names.ts";
import { translateOutlierDetection } from "./outlier-detection.ts";
import type { Protocol } from "./protocol.ts";
import { socketAddress } from "./socket-address.ts";

/** Everything that an outbound CDS resource depends on. It is also the cache key. */
export interface OutboundClusterInputs {
  readonly service: { readonly host: string; readonly name: string; readonly namespace: string };
  readonly port: number;
  readonly protocol: Protocol;
  readonly subset?: string | undefined;
  readonly policy: ClusterPolicy;
}

/** Everything that the cluster of an application's port depends on. It is also the cache key. */
export interface InboundClusterInputs {
  /** Where the application listens. */
  readonly address: string;
  readonly port: number;
}

/** Envoy's way of saying "no limit". */
const NO_LIMIT = 4_294_967_295;
/** Hosts that end get nothing new, however few others there are: Envoy would use them when half of all end. */
const NEVER_PANIC = 0;
/** Time for a connection to come about, as istiod sets it where no rule does. */
const DEFAULT_CONNECT_TIMEOUT_MS = 10_000;

/** Builds the CDS resource of one port of a service, or of a subset of it. */
export function translateOutboundCluster(inputs: OutboundClusterInputs): Cluster {
  const { service, port, subset, policy } = inputs;
  const name = outboundCluster({ host: service.host, port, subset });
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: {
      serviceName: name,
      edsConfig: fromAds(),
    },
    connectTimeout: protoDuration(policy.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS),
    lbPolicy: LB_POLICIES[policy.balancing],
    commonLbConfig: {
      healthyPanicThreshold: { value: policy.outlierDetection?.minHealthPercent ?? NEVER_PANIC },
    },
    circuitBreakers: { thresholds: [thresholds(policy)] },
    ...(policy.outlierDetection && { outlierDetection: translateOutlierDetection(policy.outlierDetection) }),
    typedExtensionProtocolOptions: protocolOptions(inputs),
    metadata: { filterMetadata: { istio: istioMetadata(inputs) } },
  });
}

const LB_POLICIES = {
  ROUND_ROBIN: Cluster_LbPolicy.ROUND_ROBIN,
  LEAST_REQUEST: Cluster_LbPolicy.LEAST_REQUEST,
  RANDOM: Cluster_LbPolicy.RANDOM,
} as const;

type Limits = Pick<ClusterPolicy, "maxConnections" | "maxPendingRequests" | "maxRequests" | "maxRetries">;

function thresholds({ maxConnections, maxPendingRequests, maxRequests, maxRetries }: Limits) {
  return {
    maxConnections: maxConnections ?? NO_LIMIT,
    maxPendingRequests: maxPendingRequests ?? NO_LIMIT,
    maxRequests: maxRequests ?? NO_LIMIT,
    maxRetries: maxRetries ?? NO_LIMIT,
    trackRemaining: true,
  };
}

/** How to talk to the hosts, where it is not plain HTTP/1.1 without a limit of requests. */
function protocolOptions({ protocol, policy }: OutboundClusterInputs) {
  const { maxRequestsPerConnection } = policy;
  if (protocol !== "http2" && maxRequestsPerConnection === undefined) return {};
  const options: MessageInit<typeof HttpProtocolOptionsSchema> = {
    ...(maxRequestsPerConnection !== undefined && {
      commonHttpProtocolOptions: { maxRequestsPerConnection },
    }),
    upstreamProtocolOptions: {
      case: "explicitHttpConfig",
      value: {
        protocolConfig:
          protocol === "http2"
            ? { case: "http2ProtocolOptions", value: {} }
            : { case: "httpProtocolOptions", value: {} },
      },
    },
  };
  const any = anyPack(HttpProtocolOptionsSchema, create(HttpProtocolOptionsSchema, options));
  return { "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": any };
}

function istioMetadata({ service, port, subset, policy }: OutboundClusterInputs) {
  return {
    ...(policy.rule !== undefined && { config: policy.rule }),
    default_original_port: port,
    services: [{ host: service.host, name: service.name, namespace: service.namespace }],
    ...(subset !== undefined && { subset }),
  };
}

/** Builds the CDS resource of the application's own port. */
export function translateInboundCluster(application: InboundClusterInputs): Cluster {
  const name = inboundCluster(application.port);
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: protoDuration(DEFAULT_CONNECT_TIMEOUT_MS),
    circuitBreakers: { thresholds: [thresholds({})] },
    loadAssignment: {
      clusterName: name,
      endpoints: [
        {
          lbEndpoints: [
            {
              hostIdentifier: {
                case: "endpoint",
                value: { address: socketAddress(application.address, application.port) },
              },
            },
          ],
        },
      ],
    },
  });
}

/** Everything that the cluster of a redirected port depends on. It is also the cache key. */
export interface RedirectedClusterInputs {
  readonly name: string;
  /** As in `ProxyView`. */
  readonly wildcards: readonly string[];
}

/** Where connections to the pod's own application come from: iptables leaves these addresses alone. */
const OWN_SOURCES = { "0.0.0.0": "127.0.0.6", "::": "::6" } as const;

/** Builds a CDS resource that dials where the connection was going: the pod itself. */
export function translateRedirectedCluster({ name, wildcards }: RedirectedClusterInputs): Cluster {
  const sources = wildcards.map((wildcard) => ({
    address: wildcard === "::" ? OWN_SOURCES["::"] : OWN_SOURCES["0.0.0.0"],
    portSpecifier: { case: "portValue", value: 0 } as const,
  }));
  const [sourceAddress, ...extra] = sources;
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.ORIGINAL_DST },
    lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
    connectTimeout: protoDuration(DEFAULT_CONNECT_TIMEOUT_MS),
    circuitBreakers: { thresholds: [thresholds({})] },
    upstreamBindConfig: {
      ...(sourceAddress && { sourceAddress }),
      extraSourceAddresses: extra.map((address) => ({ address })),
    },
  });
}

/** The cluster that dials whatever the request names, and the one that dials nothing. */
export function fixedClusters(): readonly Cluster[] {
  return [
    create(ClusterSchema, {
      name: PASSTHROUGH_CLUSTER,
      clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.ORIGINAL_DST },
      lbPolicy: Cluster_LbPolicy.CLUSTER_PROVIDED,
      connectTimeout: protoDuration(DEFAULT_CONNECT_TIMEOUT_MS),
      circuitBreakers: { thresholds: [thresholds({})] },
    }),
    blackHoleCluster(),
  ];
}

/** The cluster that dials nothing. */
export function blackHoleCluster(): Cluster {
  return create(ClusterSchema, {
    name: BLACK_HOLE_CLUSTER,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: protoDuration(DEFAULT_CONNECT_TIMEOUT_MS),
  });
}
