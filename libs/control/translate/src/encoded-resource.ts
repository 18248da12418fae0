import { toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { typeUrlOf } from "@bookmesh/xds-api";
import { contentHash } from "./content-hash.ts";
import { OverlayMap } from "./overlay-map.ts";

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
  /** Where most of them are others' too: those, and the few on top that are not. */
  readonly layers?: { readonly shared: TypedResources; readonly own: readonly EncodedResource[] };
}

/** What one proxy should have: each type by its URL. */
export type ProxyResources = ReadonlyMap<string, TypedResources>;

/** A piece of a message's bytes. Pieces of one message add up: fields that repeat follow each other, others merge. */
export interface EncodedPart {
  readonly bytes: Uint8Array;
  /** A hash of the bytes. */
  readonly version: string;
}

/** Encodes a message. */
export function encodeResource<Desc extends DescMessage>(
  name: string,
  schema: Desc,
  message: MessageShape<Desc>,
): EncodedResource {
  return joinParts(name, schema, [encodePart(schema, message)]);
}

/** Encodes a message that is a piece of another of its type. */
export function encodePart<Desc extends DescMessage>(schema: Desc, message: MessageShape<Desc>): EncodedPart {
  return part(toBinary(schema, message));
}

/** Bytes that are a message, or a piece of one. */
export function part(bytes: Uint8Array): EncodedPart {
  return { bytes, version: contentHash(bytes) };
}

/** The numbers of the fields of `google.protobuf.Any`. */
const ANY = { typeUrl: 1, value: 2 } as const;

/** Puts a message together from its pieces. */
export function joinParts(name: string, schema: DescMessage, parts: readonly EncodedPart[]): EncodedResource {
  const length = parts.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const head = new BinaryWriter()
    .tag(ANY.typeUrl, WireType.LengthDelimited)
    .string(typeUrlOf(schema))
    .tag(ANY.value, WireType.LengthDelimited)
    .uint32(length)
    .finish();
  const any = new Uint8Array(head.length + length);
  any.set(head);
  let offset = head.length;
  for (const { bytes } of parts) {
    any.set(bytes, offset);
    offset += bytes.length;
  }
  const [only, ...others] = parts;
  const version =
    only !== undefined && others.length === 0
      ? only.version
      : contentHash(new TextEncoder().encode(parts.map((part) => part.version).join("")));
  return { name, version, any };
}

/** Puts resources of one type together. Their order does not change the version. */
export function typedResources(typeUrl: string, resources: readonly EncodedResource[]): TypedResources {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  return { typeUrl, version: versionOf(byName.values()), resources: byName };
}

/** Adds a few resources to many that others have too: what the many cost has been paid once. */
export function withResources(shared: TypedResources, own: readonly EncodedResource[]): TypedResources {
  const resources = new OverlayMap(
    shared.resources,
    new Map(own.map((resource) => [resource.name, resource])),
  );
  const version = contentHash(new TextEncoder().encode(`${shared.version}\n${versionOf(own)}`));
  return { typeUrl: shared.typeUrl, version, resources, layers: { shared, own } };
}

/** Versions are added up word by word, so that their order does not matter. Names are part of the contents. */
function versionOf(resources: Iterable<EncodedResource>): string {
  const words = new Uint32Array(3);
  for (const { version } of resources) {
    words[0] = (words[0] ?? 0) + 1;
    words[1] = (words[1] ?? 0) + Number.parseInt(version.slice(0, 8), 16);
    words[2] = (words[2] ?? 0) + Number.parseInt(version.slice(8), 16);
  }
  return contentHash(new Uint8Array(words.buffer));
}
