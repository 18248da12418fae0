import { readFileSync } from "node:fs";

/** A part of this process's memory. */
export interface MemoryRange {
  readonly address: bigint;
  readonly bytes: number;
}

/** `MADV_DONTNEED`. */
const DONT_NEED = 4;

/** `from-to rights offset device inode path` of `/proc/self/smaps`, for memory that is read or run, never written. */
const MAPPING = /^([0-9a-f]+)-([0-9a-f]+) r-[x-]p \S+ \S+ \S+ +(.+)$/;

/**
 * Lets go of the pages of Node's own program that starting up has touched (some 30 MB, one sidecar a pod): the kernel
 * still has the file, and what is used again is mapped again. Does nothing where there is no Linux.
 */
export async function releaseProgramPages(): Promise<void> {
  if (process.platform !== "linux") return;
  const ranges = programRanges(readFileSync("/proc/self/smaps", "latin1"), process.execPath);
  const { default: koffi } = await import("koffi");
  const madvise = koffi.load(null).func("int madvise(uintptr_t address, size_t bytes, int advice)");
  for (const { address, bytes } of ranges) madvise(address, bytes, DONT_NEED);
}

/**
 * The mappings of `program` that hold nothing but what the file holds. One with anonymous pages has been written to
 * while it was loaded; these would be lost.
 */
export function programRanges(smaps: string, program: string): readonly MemoryRange[] {
  const mappings = smaps.split(/\n(?=[0-9a-f]+-[0-9a-f]+ )/);
  return mappings.flatMap((mapping) => {
    const [head = "", ...facts] = mapping.split("\n");
    const [, from, to, path] = MAPPING.exec(head) ?? [];
    if (from === undefined || to === undefined || path !== program) return [];
    if (!facts.some((fact) => /^Anonymous: +0 kB$/.test(fact))) return [];
    const address = BigInt(`0x${from}`);
    return [{ address, bytes: Number(BigInt(`0x${to}`) - address) }];
  });
}
