import { grpcMethod } from "@bookmesh/proxy-node";
import { endpointNames } from "@bookmesh/stories/ads-sidecar";
import { create, type JsonObject } from "@bufbuild/protobuf";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  AggregatedDiscoveryService,
  DiscoveryRequestSchema,
  TYPE_URLS,
  type DiscoveryRequest,
  type DiscoveryResponse,
} from "@bookmesh/xds-api";
import { ChannelCredentials, Client, Metadata, type ClientDuplexStream } from "@grpc/grpc-js";
import { readResources, type Resources } from "./resources.ts";

/** Who asks, and for which route configurations. */
export interface AdsCaller {
  readonly node: { readonly id: string; readonly metadata: JsonObject };
  readonly routes: readonly string[];
}

type Stream = ClientDuplexStream<DiscoveryRequest, DiscoveryResponse>;

const METHOD = grpcMethod(AggregatedDiscoveryService.method.streamAggregatedResources);

/** Asks a control plane, in plain text and in Envoy's order, for all that is compared. */
export async function askAds(address: string, { node, routes }: AdsCaller): Promise<Resources> {
  const client = new Client(address, ChannelCredentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.enable_http_proxy": 0,
  });
  const stream: Stream = client.makeBidiStreamRequest(
    METHOD.path,
    METHOD.serialize,
    METHOD.deserialize,
    new Metadata(),
  );
  try {
    const ask = (typeUrl: string, resourceNames: readonly string[] = []) =>
      answerTo(stream, create(DiscoveryRequestSchema, { node, typeUrl, resourceNames: [...resourceNames] }));
    const clusters = await ask(TYPE_URLS.cluster);
    const endpoints = await ask(TYPE_URLS.endpoint, endpointNames(clusters));
    await ask(TYPE_URLS.listener);
    const answers = new Map<string, readonly Any[]>([
      [TYPE_URLS.cluster, clusters],
      [TYPE_URLS.endpoint, endpoints],
      [TYPE_URLS.route, await ask(TYPE_URLS.route, routes)],
    ]);
    return readResources((typeUrl) => answers.get(typeUrl) ?? []);
  } finally {
    stream.cancel();
    client.close();
  }
}

/** The next answer of the request's type, which is acknowledged. */
function answerTo(stream: Stream, request: DiscoveryRequest): Promise<readonly Any[]> {
  return new Promise((resolve, reject) => {
    const onData = (response: DiscoveryResponse) => {
      if (response.typeUrl !== request.typeUrl) return;
      stream.off("data", onData).off("error", onError);
      // What is cancelled in the end fails too.
      stream.on("error", () => undefined);
      const { versionInfo, nonce } = response;
      stream.write(create(DiscoveryRequestSchema, { ...request, versionInfo, responseNonce: nonce }));
      resolve(response.resources);
    };
    const onError = (error: Error) => reject(error);
    stream.on("data", onData).on("error", onError);
    stream.write(request);
  });
}
