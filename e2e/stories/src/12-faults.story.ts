import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import {
  byStatus,
  call,
  calls,
  flagsOf,
  prescribe,
  sickWardClosed,
  sickWardOpen,
} from "./harness/sick-ward.ts";

const ROUTE = [{ destination: { host: "patient" } }];
const CALLS = 4_000;
/** Timers of another clock than the story's may fire so much early. */
const EARLY_MS = 20;

describe("Faults on purpose", () => {
  beforeAll(sickWardOpen);
  afterAll(sickWardClosed);

  it("refuses a fifth of the calls with the given code [B11]", async () => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [{ fault: { abort: { httpStatus: 418, percentage: { value: 20 } } }, route: ROUTE }],
    });
    await eventually(async () => expect(byStatus(await calls(40, "/"))["418"]).toBeGreaterThan(0));
    const { 418: refused = 0, 200: served = 0 } = byStatus(await calls(CALLS, "/abort"));
    expect(refused + served).toBe(CALLS);
    expect(refused / CALLS).toBeGreaterThan(0.175);
    expect(refused / CALLS).toBeLessThan(0.225);
    await eventually(async () => expect(await flagsOf("/abort")).toContain("FI"));
  });

  it("holds a fifth of the calls back for the given time [B11]", async () => {
    const DELAY_MS = 300;
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [
        {
          match: [{ headers: { "x-patient": { exact: "slow" } } }],
          fault: { delay: { fixedDelay: `${DELAY_MS}ms`, percentage: { value: 20 } } },
          route: ROUTE,
        },
        { route: ROUTE },
      ],
    });
    const slow = { headers: { "x-patient": "slow" }, clients: 40 };
    await eventually(async () => {
      const replies = await calls(80, "/", slow);
      expect(replies.some(({ tookMs }) => tookMs >= DELAY_MS)).toBe(true);
    });
    const replies = await calls(1_000, "/delay", slow);
    expect(byStatus(replies)).toEqual({ 200: 1_000 });
    const flags = (await eventuallyFlags("/delay", 1_000)).filter((flag) => flag.includes("DI"));
    // 4 standard deviations around a fifth
    expect(flags.length).toBeGreaterThan(150);
    expect(flags.length).toBeLessThan(250);
    const held = replies.filter(({ tookMs }) => tookMs >= DELAY_MS - EARLY_MS);
    expect(held.length).toBeGreaterThanOrEqual(flags.length);
  });

  it("leaves calls without the header alone [B11]", async () => {
    expect(byStatus(await calls(50, "/no-header"))).toEqual({ 200: 50 });
    const flags = await eventuallyFlags("/no-header", 50);
    expect(flags.filter((flag) => flag !== "-")).toEqual([]);
  });

  it("delays first and refuses then, where a rule asks for both [B11]", async () => {
    await prescribe("VirtualService", {
      hosts: ["patient"],
      http: [
        {
          fault: {
            delay: { fixedDelay: "200ms", percentage: { value: 100 } },
            abort: { httpStatus: 503, percentage: { value: 100 } },
          },
          route: ROUTE,
        },
      ],
    });
    await eventually(async () => {
      const { status, body, tookMs } = await call("/both");
      expect([status, body]).toEqual([503, "fault filter abort"]);
      expect(tookMs).toBeGreaterThanOrEqual(200);
    });
  });
});

/** The flags of a path's calls, once the log has told of all of them. */
async function eventuallyFlags(path: string, count: number): Promise<readonly string[]> {
  let flags: readonly string[] = [];
  await eventually(async () => {
    flags = await flagsOf(path);
    expect(flags.length).toBeGreaterThanOrEqual(count);
  });
  return flags;
}
