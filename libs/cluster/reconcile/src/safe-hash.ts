import { createHash } from "node:crypto";

/** Letters and digits that cannot form words by chance; the alphabet of Kubernetes' generated names. */
const SAFE_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** `length` characters of the safe alphabet that depend on `value` alone (its JSON, keys in order). */
export function safeHash(value: unknown, length: number): string {
  const digest = createHash("sha256").update(canonicalJson(value)).digest();
  return spell([...digest].slice(0, length));
}

/** `length` random characters of the safe alphabet, as in the last part of a pod's name. */
export function safeSuffix(length: number, random: () => number): string {
  return spell(Array.from({ length }, () => Math.floor(random() * 256)));
}

/** JSON with the keys of every object sorted, so that equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

function spell(bytes: readonly number[]): string {
  return bytes.map((byte) => SAFE_ALPHABET.charAt(byte % SAFE_ALPHABET.length)).join("");
}
