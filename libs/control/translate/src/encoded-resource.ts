import { create, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
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
  return { typeUrl, version: versionOf(byName.values()), resources: byName };
}

/** Adds a few resources to many that others have too: what the many cost has been paid once. */
export function withResources(shared: TypedResources, own: readonly EncodedResource[]): TypedResources {
  const resources = new OverlayMap(
    shared.resources,
    new Map(own.map((resource) => [resource.name, resource])),
  );
  const version = contentHash(new TextEncoder().encode(`${shared.version}\n${versionOf(own)}`));
  return { typeUrl: shared.typeUrl, version, resources };
}

function versionOf(resources: Iterable<EncodedResource>): string {
  const parts = Array.from(resources, ({ name, version }) => `${name}\n${version}\n`).sort();
  return contentHash(new TextEncoder().encode(parts.join("")));
}
