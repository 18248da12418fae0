import { grpcMethod } from "@bookmesh/proxy-node";
import { create, fromBinary } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  AggregatedDiscoveryService,
  ClusterSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
  TYPE_URLS,
  type DiscoveryRequest,
} from "@bookmesh/xds-api";
import { ChannelCredentials, Client, Metadata, type ClientDuplexStream } from "@grpc/grpc-js";

/** Whom to call, and as which pod. */
export interface AdsSidecarOptions {
  /** istiod's address and port. */
  readonly address: string;
  /** How istiod proves itself, and the pod; absent: the port in the clear, which asks nobody. */
  readonly trust?: { readonly rootPem: string; readonly token: string };
  readonly pod: SidecarPod;
  /** The route configurations that it asks for. */
  readonly routes: readonly string[];
}

/** The pod beside which a sidecar stands. */
export interface SidecarPod {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A sidecar as far as a control plane can tell: it asks for everything and accepts it, and reads next to nothing. */
export interface AdsSidecar {
  /** Resolves, with the time by `performance.now()`, when a response arrives that contains the text. */
  receives(text: string): Promise<number>;
  /** Types of which something has come. */
  readonly received: ReadonlySet<string>;
  close(): void;
}

type Stream = ClientDuplexStream<DiscoveryRequest, Buffer>;

const METHOD = grpcMethod(AggregatedDiscoveryService.method.streamAggregatedResources);

/** Envoy's own. */
const WINDOW_BYTES = 256 * 1_024 * 1_024;

/** Connects as a pod whose traffic is redirected. */
export function adsSidecar(options: AdsSidecarOptions): AdsSidecar {
  const { client, stream } = open(options);
  const waiting = new Set<{ readonly text: string; readonly resolve: (atMs: number) => void }>();
  const received = new Set<string>();
  const names = new Map<string, readonly string[]>([[TYPE_URLS.route, options.routes]]);
  const ask = (typeUrl: string, answered?: Pick<DiscoveryRequest, "versionInfo" | "responseNonce">) =>
    stream.write(
      create(DiscoveryRequestSchema, {
        typeUrl,
        resourceNames: [...(names.get(typeUrl) ?? [])],
        ...answered,
      }),
    );
  stream.on("data", (bytes: Buffer) => {
    const atMs = performance.now();
    for (const waiter of [...waiting].filter(({ text }) => bytes.includes(text))) {
      waiting.delete(waiter);
      waiter.resolve(atMs);
    }
    const response = fromBinary(DiscoveryResponseSchema, bytes);
    const { typeUrl, versionInfo, nonce } = response;
    received.add(typeUrl);
    ask(typeUrl, { versionInfo, responseNonce: nonce });
    if (typeUrl === TYPE_URLS.cluster && !names.has(TYPE_URLS.endpoint)) {
      names.set(TYPE_URLS.endpoint, endpointNames(response.resources));
      ask(TYPE_URLS.endpoint);
    }
  });
  // What breaks a stream shows in what is then not received.
  stream.on("error", () => undefined);
  const node = nodeOf(options.pod);
  for (const typeUrl of [TYPE_URLS.cluster, TYPE_URLS.listener, TYPE_URLS.route]) {
    const resourceNames = [...(names.get(typeUrl) ?? [])];
    stream.write(create(DiscoveryRequestSchema, { node, typeUrl, resourceNames }));
  }
  return {
    received,
    receives: (text) => new Promise((resolve) => waiting.add({ text, resolve })),
    close() {
      stream.cancel();
      client.close();
    },
  };
}

function open({ address, trust }: AdsSidecarOptions): {
  readonly client: Client;
  readonly stream: Stream;
} {
  const credentials = trust
    ? ChannelCredentials.createSsl(Buffer.from(trust.rootPem))
    : ChannelCredentials.createInsecure();
  const client = new Client(address, credentials, {
    ...(trust && { "grpc.ssl_target_name_override": "istiod.istio-system.svc" }),
    "grpc.max_receive_message_length": -1,
    "grpc-node.flow_control_window": WINDOW_BYTES,
    "grpc.enable_http_proxy": 0,
    // Each has a connection of its own, as in a pod.
    "grpc.use_local_subchannel_pool": 1,
  });
  const metadata = new Metadata();
  if (trust) metadata.set("authorization", `Bearer ${trust.token}`);
  const stream = client.makeBidiStreamRequest<DiscoveryRequest, Buffer>(
    METHOD.path,
    METHOD.serialize,
    (bytes) => bytes,
    metadata,
  );
  return { client, stream };
}

function nodeOf({ name, namespace, ip, labels = {} }: SidecarPod) {
  const metadata = {
    NAME: name,
    NAMESPACE: namespace,
    LABELS: labels,
    SERVICE_ACCOUNT: "default",
    CLUSTER_ID: "Kubernetes",
    MESH_ID: "cluster.local",
    ISTIO_VERSION: "1.31.0",
    INSTANCE_IPS: ip,
    INTERCEPTION_MODE: "REDIRECT",
    PROXY_CONFIG: {},
  };
  return { id: `sidecar~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`, metadata };
}

/** The clusters, of those in a response, whose endpoints are to be asked for. */
export function endpointNames(clusters: readonly Any[]): readonly string[] {
  return clusters
    .map(({ value }) => fromBinary(ClusterSchema, value))
    .filter(({ edsClusterConfig }) => edsClusterConfig !== undefined)
    .map(({ name }) => name);
}
