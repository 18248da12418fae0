import { describe, expect, it } from "vitest";
import { readNames, readPorts, readRanges } from "./selections.ts";

const READERS = { ports: readPorts, ranges: readRanges, interfaces: readNames };

describe("the settings' lists", () => {
  it.each([
    { reader: "ports", text: "*", value: "*" },
    { reader: "ports", text: "", value: [] },
    { reader: "ports", text: " 80, 443,", value: [80, 443] },
    { reader: "ranges", text: "*", value: "*" },
    {
      reader: "ranges",
      text: "10.0.0.0/8,fd00::/8",
      value: [
        { family: 4, cidr: "10.0.0.0/8" },
        { family: 6, cidr: "fd00::/8" },
      ],
    },
    { reader: "interfaces", text: "eth1,net+", value: ["eth1", "net+"] },
  ] as const)("reads the $reader '$text'", ({ reader, text, value }) => {
    expect(READERS[reader](text)).toEqual({ ok: true, value });
  });

  it.each([
    { reader: "ports", text: "0" },
    { reader: "ports", text: "65536" },
    { reader: "ports", text: "80,http" },
    { reader: "ports", text: "*,80" },
    { reader: "ports", text: Array.from({ length: 257 }, (_, index) => index + 1).join(",") },
    { reader: "ranges", text: "10.0.0.0" },
    { reader: "ranges", text: "10.0.0.0/33" },
    { reader: "ranges", text: "10.0.0.256/8" },
    { reader: "ranges", text: "10.0.0.0/8/8" },
    { reader: "ranges", text: "fd00::/129" },
    { reader: "ranges", text: "fd00:::/8" },
    { reader: "ranges", text: "10.0.0.0/8 -j ACCEPT" },
    { reader: "interfaces", text: "*" },
    { reader: "interfaces", text: "eth0 -j" },
    { reader: "interfaces", text: "a-name-of-16-bytes" },
  ] as const)("refuses the $reader '$text'", ({ reader, text }) => {
    expect(READERS[reader](text).ok).toBe(false);
  });
});
