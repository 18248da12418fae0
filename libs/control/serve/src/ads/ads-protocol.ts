import { create, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { byIdentity } from "@bookmesh/kernel";
import { DiscoveryResponseSchema, type ControlPlane } from "@bookmesh/xds-api";
import type { EncodedResource, TypedResources } from "@bookmesh/translate";
import type { ServerDuplexStream, ServiceDefinition } from "@grpc/grpc-js";
import { requestReader, type StreamRequest } from "./discovery-request.ts";

/** A response; its bytes are made when it leaves. */
export interface StreamResponse {
  readonly content: TypedResources;
  readonly nonce: string;
}

/** A stream of the aggregated discovery service. */
export type AdsStream = ServerDuplexStream<StreamRequest, StreamResponse>;

/** Where gRPC serves it. */
export const ADS_PATH = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

/** The state-of-the-world half of Envoy's aggregated discovery service, for grpc-js, signed as `controlPlane`. */
export function adsService(
  controlPlane: ControlPlane,
): ServiceDefinition<{ streamAggregatedResources: never }> {
  const read = requestReader();
  const encode = responseEncoder(controlPlane);
  return {
    streamAggregatedResources: {
      path: ADS_PATH,
      requestStream: true,
      responseStream: true,
      requestSerialize: (bytes: Buffer) => bytes,
      requestDeserialize: read,
      responseSerialize: encode,
      responseDeserialize: (bytes: Buffer) => bytes,
    },
  };
}

/** `resources` of `DiscoveryResponse`. */
const RESOURCES_FIELD = 2;

/** So much of a response can be its own: type, version, nonce, signature, and what one proxy has to itself. */
const OWN_BYTES = 16 * 1_024;

/**
 * An encoder of responses. What many proxies are sent is encoded once; what is one's own is written behind it, since the
 * fields of a protobuf message may come in any order and in pieces. Use what is returned before asking for the next: it
 * stands in the same place (gRPC copies it at once).
 */
export function responseEncoder(controlPlane: ControlPlane): (response: StreamResponse) => Buffer {
  const encodeShared = byIdentity(({ resources }: TypedResources) => {
    const bytes = encodeResources(resources.values());
    return { length: bytes.length, place: Buffer.concat([bytes], bytes.length + OWN_BYTES) };
  });
  return ({ content, nonce }) => {
    const { typeUrl, version: versionInfo, layers } = content;
    const head = create(DiscoveryResponseSchema, { typeUrl, versionInfo, nonce, controlPlane });
    const own = Buffer.concat([toBinary(DiscoveryResponseSchema, head), encodeResources(layers?.own ?? [])]);
    const { length, place } = encodeShared(layers?.shared ?? content);
    if (own.length > OWN_BYTES) return Buffer.concat([place.subarray(0, length), own]);
    place.set(own, length);
    return place.subarray(0, length + own.length);
  };
}

function encodeResources(resources: Iterable<EncodedResource>): Uint8Array {
  const writer = new BinaryWriter();
  for (const { any } of resources) writer.tag(RESOURCES_FIELD, WireType.LengthDelimited).bytes(any);
  return writer.finish();
}
