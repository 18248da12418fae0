import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import {
  byStatus,
  call,
  calls,
  flagsOf,
  prescribe,
  seenBy,
  sickWardClosed,
  sickWardOpen,
  withdraw,
} from "./harness/sick-ward.ts";

/** Where a rule need not be in force yet, a call may last. */
const IMPATIENT = { hangUpAfterMs: 2_000 };
const ROUTE = [{ destination: { host: "patient" } }];

describe("Patience has limits", () => {
  beforeAll(sickWardOpen);
  afterAll(sickWardClosed);

  it("gives up after the route's timeout, and cancels the call upstream [C8]", async () => {
    await prescribe("VirtualService", { hosts: ["patient"], http: [{ timeout: "300ms", route: ROUTE }] });
    await eventually(async () => {
      const { status, body } = await call("/never/route", IMPATIENT);
      expect([status, body]).toEqual([504, "upstream request timeout"]);
    });
    await eventually(async () => {
      expect((await flagsOf("/never/route")).at(-1)).toBe("UT");
      expect(await leftBy("/never/route")).toBeGreaterThan(0);
    });
  });

  it("gives a try its own time, and the next try another host [C8]", async () => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [{ route: ROUTE, retries: { attempts: 1, perTryTimeout: "200ms", retryOn: "5xx" } }],
    });
    await eventually(async () => {
      const { status, body } = await call("/never/try", IMPATIENT);
      expect([status, body]).toEqual([504, "upstream request timeout"]);
    });
    const before = await arrivedBy("/never/two-hosts");
    expect((await call("/never/two-hosts")).status).toBe(504);
    const after = await arrivedBy("/never/two-hosts");
    expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1]);
    expect((await eventuallyFlag("/never/two-hosts")).split(",")).toContain("UT");
  });

  it("cancels the call of a caller that hangs up [C8]", async () => {
    await withdraw();
    await eventually(async () => {
      await call("/never/hung-up", { hangUpAfterMs: 100 });
      expect(await leftBy("/never/hung-up")).toBeGreaterThan(0);
    });
    expect(await eventuallyFlag("/never/hung-up")).toBe("DC");
  });

  it("answers what exceeds the bulkhead with 503 at once; the others are served [C6]", async () => {
    await prescribe("DestinationRule", {
      host: "patient",
      trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 2 }, http: { http1MaxPendingRequests: 2 } },
      },
    });
    await eventually(async () => {
      const replies = await calls(20, "/wait/400", { clients: 20 });
      const { 200: served = 0, 503: refused = 0 } = byStatus(replies);
      expect(served + refused).toBe(20);
      expect(served).toBeGreaterThanOrEqual(2);
      expect(refused).toBeGreaterThanOrEqual(14);
      // At once: the last refusal comes before the first answer.
      expect(replies.findIndex(({ status }) => status === 200)).toBe(refused);
    });
    await eventually(async () => expect(await flagsOf("/wait/400")).toContain("UO"));
  });

  it.each([
    { name: "half an answer", path: "/half", status: 0 },
    { name: "silence in the middle of an answer", path: "/stalls", status: 0 },
  ])("cuts $name instead of making it look whole", async ({ path, status }) => {
    await withdraw();
    await prescribe("VirtualService", { hosts: ["patient"], http: [{ timeout: "500ms", route: ROUTE }] });
    await eventually(async () => expect((await call("/never/again", IMPATIENT)).status).toBe(504));
    expect((await call(path)).status).toBe(status);
  });

  it("takes an answer that comes before the body has gone, and one that comes twice", async () => {
    await withdraw();
    const body = "x".repeat(2_000_000);
    const early = await call("/early", { method: "POST", body });
    expect([413, 0, 502, 503]).toContain(early.status); // the caller may notice the closed connection first
    for (const { status, body: answered } of await calls(20, "/twice", { clients: 1 }))
      expect([status, answered]).toEqual([200, "once"]);
    expect(byStatus(await calls(40, "/"))).toEqual({ 200: 40 });
  });

  it("repeats a POST as a whole or not at all", async () => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [{ route: ROUTE, retries: { attempts: 2, retryOn: "5xx" } }],
    });
    const small = { method: "POST", body: "x".repeat(1_000) };
    await eventually(async () => {
      const before = sum(await arrivedBy("/status/503?small"));
      expect((await call("/status/503?small", small)).status).toBe(503);
      expect(sum(await arrivedBy("/status/503?small")) - before).toBe(3);
    });
    const large = { method: "POST", body: "x".repeat(4_000_000) };
    const before = sum(await arrivedBy("/status/503?large"));
    expect((await call("/status/503?large", large)).status).toBe(503);
    expect(sum(await arrivedBy("/status/503?large")) - before).toBe(1);
  });
});

async function arrivedBy(path: string): Promise<readonly number[]> {
  return [(await seenBy("v1")).arrived[path] ?? 0, (await seenBy("v2")).arrived[path] ?? 0];
}

async function leftBy(path: string): Promise<number> {
  return ((await seenBy("v1")).left[path] ?? 0) + ((await seenBy("v2")).left[path] ?? 0);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

async function eventuallyFlag(path: string): Promise<string> {
  let flag: string | undefined;
  await eventually(async () => {
    flag = (await flagsOf(path)).at(-1);
    expect(flag).toBeDefined();
  });
  return flag ?? "";
}
