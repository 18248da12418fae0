import { create } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  AggregatedDiscoveryService,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
  type DiscoveryRequest,
  type DiscoveryResponse,
} from "@bookmesh/xds-api";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";

/** A control plane for tests: it sends what it is told to, and remembers what it hears. */
export interface FakeControlPlane {
  readonly port: number;
  /** Every request, in order. */
  readonly heard: readonly DiscoveryRequest[];
  /** The `authorization` of each stream. */
  readonly authorizations: readonly string[];
  /** Sends resources of a type now to whoever asked for it, and to those who ask later. */
  push(typeUrl: string, versionInfo: string, resources: readonly Any[]): void;
  /** Ends all streams; clients may come back. */
  dropStreams(): void;
  close(): void;
}

type Stream = ServerDuplexStream<DiscoveryRequest, DiscoveryResponse>;

interface Offer {
  readonly versionInfo: string;
  readonly resources: readonly Any[];
}

/** Serves ADS on a port of `127.0.0.1`; 0: a free one. */
export async function fakeControlPlane(
  serverCredentials: ServerCredentials = ServerCredentials.createInsecure(),
  port = 0,
): Promise<FakeControlPlane> {
  const heard: DiscoveryRequest[] = [];
  const authorizations: string[] = [];
  const offers = new Map<string, Offer>();
  /** Which types each stream has asked for. */
  const streams = new Map<Stream, Set<string>>();
  let nonce = 0;
  const send = (stream: Stream, typeUrl: string, { versionInfo, resources }: Offer) => {
    nonce += 1;
    stream.write(
      create(DiscoveryResponseSchema, {
        typeUrl,
        versionInfo,
        nonce: String(nonce),
        resources: [...resources],
      }),
    );
  };
  const server = adsServer((stream) => {
    streams.set(stream, new Set());
    authorizations.push(...stream.metadata.get("authorization").map(String));
    stream.on("data", (request: DiscoveryRequest) => {
      heard.push(request);
      streams.get(stream)?.add(request.typeUrl);
      const offer = offers.get(request.typeUrl);
      if (offer && request.responseNonce === "") send(stream, request.typeUrl, offer);
    });
    stream.on("end", () => stream.end());
    stream.on("close", () => streams.delete(stream));
    stream.on("error", () => streams.delete(stream));
  });
  return {
    port: await bind(server, serverCredentials, port),
    heard,
    authorizations,
    push(typeUrl, versionInfo, resources) {
      offers.set(typeUrl, { versionInfo, resources });
      for (const [stream, types] of streams) {
        if (types.has(typeUrl)) send(stream, typeUrl, { versionInfo, resources });
      }
    },
    dropStreams() {
      for (const stream of streams.keys()) stream.end();
    },
    close: () => server.forceShutdown(),
  };
}

function adsServer(onStream: (stream: Stream) => void): Server {
  const server = new Server();
  const { name, parent } = AggregatedDiscoveryService.method.streamAggregatedResources;
  const implementation: UntypedServiceImplementation = { [name]: onStream };
  server.addService(
    {
      [name]: {
        path: `/${parent.typeName}/${name}`,
        requestStream: true,
        responseStream: true,
        requestSerialize: (message: DiscoveryRequest) =>
          Buffer.from(toBinary(DiscoveryRequestSchema, message)),
        requestDeserialize: (bytes: Buffer) => fromBinary(DiscoveryRequestSchema, bytes),
        responseSerialize: (message: DiscoveryResponse) =>
          Buffer.from(toBinary(DiscoveryResponseSchema, message)),
        responseDeserialize: (bytes: Buffer) => fromBinary(DiscoveryResponseSchema, bytes),
      },
    },
    implementation,
  );
  return server;
}

function bind(server: Server, serverCredentials: ServerCredentials, wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${wanted}`, serverCredentials, (error, port) => {
      if (error) reject(error);
      else resolve(port);
    });
  });
}
