import type { Any } from "@bufbuild/protobuf/wkt";

/** A resource as it came. */
interface Received {
  readonly any: Any;
}

const FNV_OFFSET = 0x81_1c_9d_c5;
const FNV_PRIME = 0x01_00_01_93;

/**
 * Finds accepted resources by their bytes. Most of a response is what the one before it was, and comparing is some
 * hundred times cheaper than reading it again.
 */
export function findByBytes<Resource extends Received>(
  accepted: ReadonlyMap<string, Resource>,
): (any: Any) => readonly [name: string, resource: Resource] | undefined {
  const byHash = Map.groupBy(accepted, ([, { any }]) => hashOf(any.value));
  return (any) => byHash.get(hashOf(any.value))?.find(([, resource]) => isSameAny(resource.any, any));
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (let index = 0; index < bytes.length; index++) hash = Math.imul(hash ^ (bytes[index] ?? 0), FNV_PRIME);
  return hash;
}

function isSameAny(one: Any, other: Any): boolean {
  if (one.typeUrl !== other.typeUrl || one.value.length !== other.value.length) return false;
  return one.value.every((byte, index) => byte === other.value[index]);
}
