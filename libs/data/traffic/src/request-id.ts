import type { Random } from "@bookmesh/kernel";

const HEX_PAIRS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

/** A random UUID (version 4) as Envoy makes one for `x-request-id`; it identifies, it does not protect. */
export function requestId(random: Random): string {
  const one = word(random);
  const two = word(random);
  const three = word(random);
  const four = word(random);
  return (
    `${hex(one >>> 24)}${hex(one >>> 16)}${hex(one >>> 8)}${hex(one)}-${hex(two >>> 24)}${hex(two >>> 16)}-` +
    `${hex(((two >>> 8) & 0x0f) | 0x40)}${hex(two)}-${hex(((three >>> 24) & 0x3f) | 0x80)}${hex(three >>> 16)}-` +
    `${hex(three >>> 8)}${hex(three)}${hex(four >>> 24)}${hex(four >>> 16)}${hex(four >>> 8)}${hex(four)}`
  );
}

function word(random: Random): number {
  return Math.floor(random() * 0x1_0000_0000);
}

function hex(octet: number): string {
  return HEX_PAIRS[octet & 0xff] ?? "00";
}
