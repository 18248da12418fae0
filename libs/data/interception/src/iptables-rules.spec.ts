import { describe, expect, it } from "vitest";
import {
  DEFAULT_INTERCEPTION,
  readInterception,
  type Interception,
  type InterceptionSettings,
} from "@bookmesh/interception-api";
import { redirectionRules, removalRules } from "./iptables-rules.ts";

function interception(change: Partial<InterceptionSettings> = {}): Interception {
  const read = readInterception({ ...DEFAULT_INTERCEPTION, ...change });
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

/** The rules of one chain, without the chain. */
function chain(name: string, change: Partial<InterceptionSettings>, family: 4 | 6 = 4): readonly string[] {
  const lines = redirectionRules(interception(change), family, "").split("\n");
  return lines.flatMap((line) => (line.startsWith(`-A ${name} `) ? [line.slice(name.length + 4)] : []));
}

/** What `iptables-save` says after the rules were written. */
function savedAfter(rules: string): string {
  return `# Generated\n${rules.replace("*nat\n", "*nat\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n")}`;
}

describe("redirectionRules", () => {
  it.each([4, 6] as const)("writes by default what golden/ipv%i.rules says", async (family) => {
    const rules = redirectionRules(interception(), family, "");
    await expect(rules).toMatchFileSnapshot(`./golden/ipv${family}.rules`);
  });

  it("keeps the jumps that stand already, and writes its chains anew", () => {
    const rules = redirectionRules(interception(), 4, "");
    const again = redirectionRules(interception(), 4, savedAfter(rules));
    expect(again).toBe(rules.replace(/-A (PREROUTING|OUTPUT) .*\n/g, ""));
  });

  it.each([
    {
      name: "the ports that are included",
      change: { includeInboundPorts: "80,443" },
      expected: [
        "--dport 15008 -j RETURN",
        "--dport 80 -j ISTIO_IN_REDIRECT",
        "--dport 443 -j ISTIO_IN_REDIRECT",
      ],
    },
    { name: "nothing", change: { includeInboundPorts: "" }, expected: ["--dport 15008 -j RETURN"] },
    {
      name: "all but the excluded ports",
      change: { excludeInboundPorts: "22" },
      expected: ["--dport 15008 -j RETURN", "--dport 22 -j RETURN", "-j ISTIO_IN_REDIRECT"],
    },
  ])("redirects $name inbound", ({ change, expected }) => {
    expect(chain("ISTIO_INBOUND", change)).toEqual(expected.map((rule) => `-p tcp ${rule}`));
  });

  it("leaves interfaces alone before anything else", () => {
    expect(chain("ISTIO_INBOUND", { excludeInterfaces: "eth1" })[0]).toBe("-i eth1 -j RETURN");
    expect(chain("ISTIO_OUTPUT", { excludeInterfaces: "eth1" })[0]).toBe("-o eth1 -j RETURN");
  });

  it("redirects each family's own ranges, and included ports whatever the ranges say", () => {
    const change = {
      includeOutboundRanges: "10.96.0.0/16,fd96::/112",
      excludeOutboundRanges: "10.96.0.1/32",
      includeOutboundPorts: "9000",
      excludeOutboundPorts: "5432",
    };
    const rules = chain("ISTIO_OUTPUT", change);
    expect(rules[0]).toBe("-p tcp --dport 5432 -j RETURN");
    expect(rules.slice(-3)).toEqual([
      "-d 10.96.0.1/32 -j RETURN",
      "-p tcp --dport 9000 -j ISTIO_REDIRECT",
      "-d 10.96.0.0/16 -j ISTIO_REDIRECT",
    ]);
    expect(chain("ISTIO_OUTPUT", change, 6).at(-1)).toBe("-d fd96::/112 -j ISTIO_REDIRECT");
  });

  it("knows the sidecar by its address instead of its owner", () => {
    const rules = chain("ISTIO_OUTPUT", { proxySourceAddress: "10.1.0.9" });
    expect(rules).toContain("-s 10.1.0.9/32 -j RETURN");
    expect(rules.join("\n")).not.toContain("owner");
  });
});

describe("removalRules", () => {
  it("has nothing to do where there is nothing of ours", () => {
    expect(removalRules("*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n")).toBeUndefined();
  });

  it("takes away jumps, however many, before the chains", () => {
    const saved = savedAfter(redirectionRules(interception(), 4, ""));
    const twice = saved.replace(/(-A OUTPUT .*\n)/, "$1$1");
    expect(removalRules(twice)?.split("\n").slice(1, 4)).toEqual([
      "-D PREROUTING -p tcp -j ISTIO_INBOUND",
      ...Array<string>(2).fill("-D OUTPUT -p tcp -j ISTIO_OUTPUT"),
    ]);
  });
});
