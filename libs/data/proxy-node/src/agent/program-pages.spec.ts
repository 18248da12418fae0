import { describe, expect, it } from "vitest";
import { programRanges } from "./program-pages.ts";

const mapping = (head: string, anonymous: number) => `${head}
Size:               2048 kB
Rss:                1024 kB
Anonymous:      ${String(anonymous).padStart(8)} kB
VmFlags: rd ex mr mw me
`;
const NODE = "/usr/bin/node";

describe("programRanges", () => {
  it.each([
    { name: "code", head: `00400000-00600000 r-xp 00000000 fe:00 7 ${NODE}`, anonymous: 0, found: 0x20_0000 },
    {
      name: "constants",
      head: `00400000-00401000 r--p 00000000 fe:00 7   ${NODE}`,
      anonymous: 0,
      found: 0x1000,
    },
    {
      name: "constants that loading has changed",
      head: `00400000-00401000 r--p 0 fe:00 7 ${NODE}`,
      anonymous: 4,
    },
    { name: "variables", head: `00400000-00401000 rw-p 00000000 fe:00 7 ${NODE}`, anonymous: 0 },
    { name: "a library", head: "00400000-00401000 r-xp 00000000 fe:00 7 /lib/libc.so.6", anonymous: 0 },
    { name: "the heap", head: "00400000-00401000 r--p 00000000 00:00 0", anonymous: 0 },
  ])("knows $name", ({ head, anonymous, found }) => {
    const smaps = mapping(head, anonymous) + mapping("7f0000-7f1000 rw-p 0 00:00 0 [stack]", 4);
    expect(programRanges(smaps, NODE)).toEqual(
      found === undefined ? [] : [{ address: 0x40_0000n, bytes: found }],
    );
  });
});
