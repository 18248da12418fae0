import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import {
  ClusterSchema,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
  TYPE_URLS,
  type DiscoveryRequest,
  type DiscoveryResponse,
} from "@bookmesh/xds-api";
import {
  ChannelCredentials,
  Client,
  Metadata,
  type ClientDuplexStream,
  type ServiceError,
} from "@grpc/grpc-js";
import { ADS_PATH } from "../ads/ads-protocol.ts";

/** Whom to call, and as whom. */
export interface AdsClientOptions {
  readonly port: number;
  readonly rootPem: string;
  readonly token?: string;
}

type Request = MessageInitShape<typeof DiscoveryRequestSchema>;

/** One ADS stream over TLS, as a proxy opens it. */
export class AdsClient {
  readonly received: DiscoveryResponse[] = [];
  readonly #client: Client;
  readonly #stream: ClientDuplexStream<DiscoveryRequest, DiscoveryResponse>;
  /** Why the stream ended; `undefined` while it is open. */
  ended: ServiceError | "ended" | undefined;
  onResponse: (response: DiscoveryResponse) => void = () => undefined;

  constructor({ port, rootPem, token }: AdsClientOptions) {
    const credentials = ChannelCredentials.createSsl(Buffer.from(rootPem));
    this.#client = new Client(`127.0.0.1:${port}`, credentials, {
      "grpc.ssl_target_name_override": "istiod.istio-system.svc",
      "grpc.max_receive_message_length": -1,
      "grpc.enable_http_proxy": 0,
    });
    const metadata = new Metadata();
    if (token !== undefined) metadata.set("authorization", `Bearer ${token}`);
    this.#stream = this.#client.makeBidiStreamRequest<DiscoveryRequest, DiscoveryResponse>(
      ADS_PATH,
      (request) => Buffer.from(toBinary(DiscoveryRequestSchema, request)),
      (bytes) => fromBinary(DiscoveryResponseSchema, bytes),
      metadata,
    );
    this.#stream.on("data", (response: DiscoveryResponse) => {
      this.received.push(response);
      this.onResponse(response);
    });
    this.#stream.on("error", (error: ServiceError) => (this.ended = error));
    this.#stream.on("end", () => (this.ended ??= "ended"));
  }

  send(request: Request): void {
    this.#stream.write(create(DiscoveryRequestSchema, request));
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }
}

/** The node of the pod `book-1`. */
export const BOOK_NODE = {
  id: "sidecar~127.16.0.10~book-1.default~default.svc.cluster.local",
  metadata: {
    NAME: "book-1",
    NAMESPACE: "default",
    SERVICE_ACCOUNT: "default",
    APPLICATION_ADDRESS: "127.144.0.10",
    INTERCEPTION_MODE: "NONE",
  },
};

/** Makes a client behave like a sidecar: it wants everything, and accepts what `refuse` gives no reason against. */
export function behaveAsSidecar(
  client: AdsClient,
  refuse: (response: DiscoveryResponse) => string | undefined = () => undefined,
): void {
  const names = new Map<string, readonly string[]>([[TYPE_URLS.route, ["http_proxy"]]]);
  const accepted = new Map<string, string>();
  client.onResponse = (response) => {
    const { typeUrl, versionInfo, nonce } = response;
    const reason = refuse(response);
    if (reason === undefined) accepted.set(typeUrl, versionInfo);
    client.send({
      typeUrl,
      versionInfo: accepted.get(typeUrl) ?? "",
      responseNonce: nonce,
      resourceNames: [...(names.get(typeUrl) ?? [])],
      ...(reason !== undefined && { errorDetail: { code: 3, message: reason } }),
    });
    if (typeUrl === TYPE_URLS.cluster) askForEndpoints(client, response, names);
  };
  for (const typeUrl of Object.values(TYPE_URLS)) {
    if (typeUrl === TYPE_URLS.endpoint) continue;
    client.send({ node: BOOK_NODE, typeUrl, resourceNames: [...(names.get(typeUrl) ?? [])] });
  }
}

function askForEndpoints(
  client: AdsClient,
  response: DiscoveryResponse,
  names: Map<string, readonly string[]>,
): void {
  const clusters = response.resources.map(({ value }) => fromBinary(ClusterSchema, value));
  const wanted = clusters
    .filter(({ edsClusterConfig }) => edsClusterConfig !== undefined)
    .map(({ name }) => name);
  names.set(TYPE_URLS.endpoint, wanted);
  const last = client.received.findLast(({ typeUrl }) => typeUrl === TYPE_URLS.endpoint);
  client.send({
    typeUrl: TYPE_URLS.endpoint,
    resourceNames: wanted,
    versionInfo: last?.versionInfo ?? "",
    responseNonce: last?.nonce ?? "",
  });
}
