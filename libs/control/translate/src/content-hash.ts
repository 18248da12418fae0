/**
 * A short word for some bytes: 64 bits of two multiplicative hashes. It tells contents of one owner apart and is no
 * protection against anybody who wants two contents to have one word.
 *
 * Source: the mixing steps are MurmurHash3's.
 */
export function contentHash(bytes: Uint8Array): string {
  let first = 0x9e3779b9 ^ bytes.length;
  let second = 0x85ebca6b ^ bytes.length;
  for (const byte of bytes) {
    first = Math.imul(first ^ byte, 0x85ebca6b);
    second = Math.imul(second ^ byte, 0xc2b2ae35);
    second = (second << 13) | (second >>> 19);
  }
  return word(mix(first ^ (second >>> 7))) + word(mix(second ^ (first >>> 11)));
}

function mix(value: number): number {
  const once = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

function word(value: number): string {
  return value.toString(16).padStart(8, "0");
}
