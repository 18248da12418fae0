import type { EncodedResource, TypedResources } from "@bookmesh/translate";

/** Hashes text into a short word. A port, so that this module stays pure. */
export type Hash = (content: string) => string;

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
