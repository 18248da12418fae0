/** One xDS resource, encoded once and shared by every stream that sends it. */
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

/** What one proxy should have: each type by its URL. A type that is absent has no resources. */
export type ResourceSet = ReadonlyMap<string, TypedResources>;

/** Hashes text or bytes into a short word. A port, so that this module stays pure. */
export type Hash = (content: string | Uint8Array) => string;

/** Puts resources of one type together. Their order does not change the version. */
export function typedResources(
  typeUrl: string,
  resources: Iterable<EncodedResource>,
  hash: Hash,
): TypedResources {
  const byName = new Map<string, EncodedResource>();
  for (const resource of resources) byName.set(resource.name, resource);
  const parts = [...byName.values()].map(({ name, version }) => `${name}\n${version}\n`).sort();
  return { typeUrl, version: hash(parts.join("")), resources: byName };
}

/** The resources that `names` asks for; all where it is "all". Returns `all` itself where nothing is left out. */
export function selectResources(
  all: TypedResources,
  names: ReadonlySet<string> | "all",
  hash: Hash,
): TypedResources {
  if (names === "all") return all;
  const chosen = [...all.resources.values()].filter(({ name }) => names.has(name));
  return chosen.length === all.resources.size ? all : typedResources(all.typeUrl, chosen, hash);
}
