import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type ControlPlane,
  type DiscoveryRequest,
  DiscoveryRequestSchema,
  DiscoveryResponseSchema,
} from "@bookmesh/xds-api";
import type { TypedResources } from "@bookmesh/translate";
import type { ServiceDefinition } from "@grpc/grpc-js";
import type { AdsRequest } from "./subscription.ts";

/** The state-of-the-world half of Envoy's aggregated discovery service, for grpc-js. Responses are bytes already. */
export const ADS_SERVICE = {
  streamAggregatedResources: {
    path: "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources",
    requestStream: true,
    responseStream: true,
    requestSerialize: (request: DiscoveryRequest) => Buffer.from(toBinary(DiscoveryRequestSchema, request)),
    requestDeserialize: (bytes: Buffer) => fromBinary(DiscoveryRequestSchema, bytes),
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
} as const satisfies ServiceDefinition;

/** What the protocol machine needs of a message. */
export function adsRequestOf(message: DiscoveryRequest): AdsRequest {
  const { typeUrl, resourceNames, versionInfo, responseNonce, errorDetail } = message;
  return {
    typeUrl,
    resourceNames,
    versionInfo,
    responseNonce,
    ...(errorDetail !== undefined && { errorMessage: errorDetail.message || `code ${errorDetail.code}` }),
  };
}

/** Encodes responses; the part that does not depend on the stream is encoded once and shared. */
export type ResponseEncoder = (content: TypedResources, nonce: string) => Buffer;

/** Field 2 of `DiscoveryResponse`, length-delimited: `resources`. */
const RESOURCES_TAG = (2 << 3) | 2;

/**
 * An encoder that signs as `controlPlane`. It keeps bytes from the second time on that they are asked for: what only
 * one proxy gets, such as its own clusters among those of all, would be megabytes a proxy for nothing.
 */
export function responseEncoder(controlPlane: ControlPlane): ResponseEncoder {
  const seen = new WeakSet<TypedResources>();
  const shared = new WeakMap<TypedResources, Buffer>();
  return (content, nonce) => {
    const body = shared.get(content) ?? encodeShared(content, controlPlane);
    if (seen.has(content)) shared.set(content, body);
    seen.add(content);
    // The fields of a protobuf message may come in any order and in pieces.
    return Buffer.concat([
      body,
      toBinary(DiscoveryResponseSchema, create(DiscoveryResponseSchema, { nonce })),
    ]);
  };
}

function encodeShared({ typeUrl, version, resources }: TypedResources, controlPlane: ControlPlane): Buffer {
  const head = create(DiscoveryResponseSchema, { typeUrl, versionInfo: version, controlPlane });
  const parts: Uint8Array[] = [toBinary(DiscoveryResponseSchema, head)];
  for (const { any } of resources.values()) parts.push(lengthDelimited(any.length), any);
  return Buffer.concat(parts);
}

function lengthDelimited(length: number): Uint8Array {
  const bytes = [RESOURCES_TAG];
  let rest = length;
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
