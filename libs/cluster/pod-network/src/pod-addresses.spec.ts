import { describe, expect, it } from "vitest";
import { applicationAddress, podAddresses, podRange } from "./pod-addresses.ts";

describe("podRange", () => {
  it.each([
    { host: "127.0.0.1", second: 16 },
    { host: "127.0.0.2", second: 17 },
    { host: "127.0.0.112", second: 127 },
    { host: "127.0.0.113", second: undefined },
    { host: "192.168.0.1", second: undefined },
    { host: "localhost", second: undefined },
  ])("of $host has second octet $second", ({ host, second }) => {
    expect(podRange(host)?.second).toBe(second);
  });
});

describe("podAddresses", () => {
  const range = { first: 127, second: 16 } as const;

  it("gives every pod an address of its own, always the same one", () => {
    const addresses = podAddresses(range);
    expect(addresses.allocate("a")).toBe("127.16.0.2");
    expect(addresses.allocate("b")).toBe("127.16.0.3");
    expect(addresses.allocate("a")).toBe("127.16.0.2");
  });

  it("lets an address rest that was given back", () => {
    const addresses = podAddresses(range);
    addresses.allocate("a");
    addresses.release("a");
    expect(addresses.allocate("b")).toBe("127.16.0.3");
  });

  it("gives no more addresses than the range has, and those again that were given back", () => {
    const addresses = podAddresses({ ...range, size: 2 });
    expect(["a", "b", "c"].map((uid) => addresses.allocate(uid))).toEqual([
      "127.16.0.2",
      "127.16.0.3",
      undefined,
    ]);
    addresses.release("a");
    expect(addresses.allocate("c")).toBe("127.16.0.2");
  });

  it("keeps an address for a pod that had it before", () => {
    const addresses = podAddresses(range);
    expect(addresses.reserve("a", "127.16.0.2")).toBe(true);
    expect(addresses.reserve("b", "127.16.0.2")).toBe(false);
    expect(addresses.reserve("c", "127.17.0.2")).toBe(false);
    expect(addresses.allocate("b")).toBe("127.16.0.3");
    expect(addresses.allocate("a")).toBe("127.16.0.2");
  });
});

describe("applicationAddress", () => {
  it("is the pod IP with 128 more in its second octet", () => {
    expect(applicationAddress("127.16.3.4")).toBe("127.144.3.4");
  });
});
