/** Envoy's response flags, in the order in which it writes several of them. Source: Envoy, `ResponseFlagUtils`. */
const RESPONSE_FLAGS = [
  "UH",
  "UT",
  "UF",
  "UC",
  "UO",
  "NR",
  "DI",
  "FI",
  "DC",
  "URX",
  "SI",
  "DPE",
  "UPE",
  "NC",
] as const;

/** Why a request went as it did. */
export type ResponseFlag = (typeof RESPONSE_FLAGS)[number];

const BITS = new Map<string, number>(RESPONSE_FLAGS.map((flag, index) => [flag, 1 << index]));

/** `flags` with one more in it; the set is a number, since every request has one. 0 is the empty set. */
export function withFlag(flags: number, flag: ResponseFlag): number {
  return flags | (BITS.get(flag) ?? 0);
}

/** The set as the access log and metrics have it: `UF,URX`; "-" for none. */
export function flagText(flags: number): string {
  if (flags === 0) return "-";
  return RESPONSE_FLAGS.filter((_, index) => (flags & (1 << index)) !== 0).join();
}
