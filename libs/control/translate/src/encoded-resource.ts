import { create, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { typeUrlOf } from "@bookmesh/xds-api";
import { contentHash } from "./content-hash.ts";

/** One xDS resource, encoded once and shared by every proxy that is sent it. */
export interface EncodedResource {
  readonly name: string;
  /** A hash of the content: equal versions are equal resources. */
  readonly version: string;
  /** A `google.protobuf.Any`, as bytes. */
  readonly any: Uint8Array;
}

/** All resources of one type, as one proxy should see them. */
export interface TypedResources {
  readonly typeUrl: string;
  /** A hash over the names and versions of the resources. */
  readonly version: string;
  readonly resources: ReadonlyMap<string, EncodedResource>;
}

/** What one proxy should have: each type by its URL. */
export type ProxyResources = ReadonlyMap<string, TypedResources>;

/** Encodes a message. */
export function encodeResource<Desc extends DescMessage>(
  name: string,
  schema: Desc,
  message: MessageShape<Desc>,
): EncodedResource {
  return encodeBytes(name, schema, toBinary(schema, message));
}

/** Wraps the bytes of a message that is encoded already. */
export function encodeBytes(name: string, schema: DescMessage, value: Uint8Array): EncodedResource {
  const any = toBinary(AnySchema, create(AnySchema, { typeUrl: typeUrlOf(schema), value }));
  return { name, version: contentHash(any), any };
}

/** Puts resources of one type together. Their order does not change the version. */
export function typedResources(typeUrl: string, resources: readonly EncodedResource[]): TypedResources {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const parts = [...byName.values()].map(({ name, version }) => `${name}\n${version}\n`).sort();
  return { typeUrl, version: contentHash(new TextEncoder().encode(parts.join(""))), resources: byName };
}
