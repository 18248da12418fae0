import { describe, expect, it } from "vitest";
import { readRedirection, redirectionArguments } from "./redirection.ts";

function argumentsOf(annotations: Readonly<Record<string, string>>): string {
  const read = readRedirection(annotations);
  return read.ok ? redirectionArguments(read.value).join(" ") : read.error;
}

describe("redirectionArguments", () => {
  it("redirects everything but the sidecar's own ports", () => {
    expect(argumentsOf({})).toBe(
      "-p 15001 -z 15006 -u 1337 -g 1337 -m REDIRECT -i * -x  -b * -d 15090,15021,15020",
    );
  });

  it.each([
    { name: "includeOutboundIPRanges", text: "10.0.0.0/8", flag: "-i 10.0.0.0/8" },
    { name: "excludeOutboundIPRanges", text: "10.1.0.0/16", flag: "-x 10.1.0.0/16" },
    { name: "includeInboundPorts", text: "", flag: "-b  -d" },
    { name: "excludeInboundPorts", text: "22,9000", flag: "-d 15090,15021,15020,22,9000" },
    { name: "includeOutboundPorts", text: "9000", flag: "-q 9000" },
    { name: "excludeOutboundPorts", text: "5432", flag: "-o 5432" },
    { name: "excludeInterfaces", text: "eth1", flag: "-c eth1" },
  ])("takes $name", ({ name, text, flag }) => {
    expect(argumentsOf({ [`traffic.sidecar.istio.io/${name}`]: text })).toContain(flag);
  });
});
