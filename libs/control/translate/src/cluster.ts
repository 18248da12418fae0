import { create } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { ConnectionPool } from "@bookmesh/mesh-api";
import { ClusterSchema, Cluster_DiscoveryType, Cluster_LbPolicy, type Cluster } from "@bookmesh/xds-api";
import type { ClusterPolicy } from "./cluster-policy.ts";
import { fromAds } from "./config-source.ts";
import { httpOptions, keepAlive, passthroughHttpOptions } from "./connection-options.ts";
import { durationMs, protoDuration } from "./duration.ts";
import { writeStruct } from "./encode-struct.ts";
import { BLACK_HOLE_CLUSTER, inboundCluster, outboundCluster, PASSTHROUGH_CLUSTER } from "./names.ts";
import { translateOutlierDetection } from "./outlier-detection.ts";
import type { Protocol } from "./protocol.ts";
import { socketAddress } from "./socket-address.ts";

/** Everything that an outbound CDS resource depends on. */
export interface OutboundClusterInputs {
  readonly service: { readonly host: string; readonly name: string; readonly namespace: string };
  readonly port: number;
  readonly subset?: string | undefined;
  /** The DestinationRule that shaped it. */
  readonly rule?: string | undefined;
  readonly settings: ClusterSettings;
}

/** How a cluster's hosts are treated. Most clusters of a mesh agree in it, so it is translated, and encoded, apart. */
export interface ClusterSettings extends ClusterPolicy {
  readonly protocol: Protocol;
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

/** The numbers of fields. Source: Envoy, `Cluster`, `Cluster.EdsClusterConfig` and `Metadata`; a map's entry is a message. */
const FIELDS = {
  name: 1,
  edsConfig: 3,
  serviceName: 2,
  metadata: 25,
  filterMetadata: 1,
  key: 1,
  value: 2,
} as const;

/**
 * Writes the piece of a CDS resource that is its own: of one port of a service, or of a subset of it. Field by field,
 * since a mesh has thousands.
 */
export function encodeOwnCluster(inputs: Omit<OutboundClusterInputs, "settings">): Uint8Array {
  const name = outboundCluster({ ...inputs, host: inputs.service.host });
  const writer = new BinaryWriter().tag(FIELDS.name, WireType.LengthDelimited).string(name);
  writer.tag(FIELDS.edsConfig, WireType.LengthDelimited).fork();
  writer.tag(FIELDS.serviceName, WireType.LengthDelimited).string(name).join();
  writer.tag(FIELDS.metadata, WireType.LengthDelimited).fork();
  writer.tag(FIELDS.filterMetadata, WireType.LengthDelimited).fork();
  writer.tag(FIELDS.key, WireType.LengthDelimited).string("istio");
  writer.tag(FIELDS.value, WireType.LengthDelimited).fork();
  return writeStruct(writer, istioMetadata(inputs)).join().join().join().finish();
}

/** Builds the piece that it has in common with others. */
export function translateClusterSettings({ protocol, ...policy }: ClusterSettings): Cluster {
  return create(ClusterSchema, {
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.EDS },
    edsClusterConfig: { edsConfig: fromAds() },
    connectTimeout: connectTimeout(policy.connectionPool),
    lbPolicy: LB_POLICIES[policy.balancing],
    commonLbConfig: {
      healthyPanicThreshold: { value: policy.outlierDetection?.minHealthPercent ?? NEVER_PANIC },
    },
    circuitBreakers: { thresholds: [thresholds(policy.connectionPool)] },
    ...(policy.outlierDetection && { outlierDetection: translateOutlierDetection(policy.outlierDetection) }),
    typedExtensionProtocolOptions: httpOptions(protocol, policy.connectionPool),
    ...keepAlive(policy.connectionPool),
  });
}

const LB_POLICIES = {
  ROUND_ROBIN: Cluster_LbPolicy.ROUND_ROBIN,
  LEAST_REQUEST: Cluster_LbPolicy.LEAST_REQUEST,
  RANDOM: Cluster_LbPolicy.RANDOM,
} as const;

function connectTimeout(pool: ConnectionPool | undefined): ReturnType<typeof protoDuration> {
  const duration = pool?.tcp?.connectTimeout;
  return protoDuration(duration === undefined ? DEFAULT_CONNECT_TIMEOUT_MS : durationMs(duration));
}

/** 0 stands for "not set", as in every proto field without presence. */
function thresholds({ tcp, http }: ConnectionPool = {}) {
  return {
    maxConnections: tcp?.maxConnections || NO_LIMIT,
    maxPendingRequests: http?.http1MaxPendingRequests || NO_LIMIT,
    maxRequests: http?.http2MaxRequests || NO_LIMIT,
    maxRetries: http?.maxRetries || NO_LIMIT,
    trackRemaining: true,
  };
}

function istioMetadata({ service, subset, rule }: Omit<OutboundClusterInputs, "settings">) {
  const { host, name, namespace } = service;
  return { config: rule, services: [{ host, name, namespace }], subset };
}

/** Builds the CDS resource of the application's own port. */
export function translateInboundCluster(application: InboundClusterInputs): Cluster {
  const name = inboundCluster(application.port);
  return create(ClusterSchema, {
    name,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: connectTimeout(undefined),
    circuitBreakers: { thresholds: [thresholds()] },
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
    connectTimeout: connectTimeout(undefined),
    circuitBreakers: { thresholds: [thresholds()] },
    typedExtensionProtocolOptions: passthroughHttpOptions(),
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
      connectTimeout: connectTimeout(undefined),
      circuitBreakers: { thresholds: [thresholds()] },
      typedExtensionProtocolOptions: passthroughHttpOptions(),
    }),
    blackHoleCluster(),
  ];
}

/** The cluster that dials nothing. */
export function blackHoleCluster(): Cluster {
  return create(ClusterSchema, {
    name: BLACK_HOLE_CLUSTER,
    clusterDiscoveryType: { case: "type", value: Cluster_DiscoveryType.STATIC },
    connectTimeout: connectTimeout(undefined),
  });
}
