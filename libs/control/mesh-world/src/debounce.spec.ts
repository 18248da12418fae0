import { describe, expect, it } from "vitest";
import { manualClock } from "@bookmesh/testkit";
import { debounced } from "./debounce.ts";

function counted(expectsMore = false) {
  const clock = manualClock();
  let acted = 0;
  const act = () => void (acted += 1);
  const { signal } = new AbortController();
  const options = { act, clock, expectsMore: () => expectsMore, onFailure: () => undefined, signal };
  return { clock, trigger: debounced(options), acted: () => acted };
}

/** Moves the clock in small steps, so that whoever wakes up may go to sleep again in between. */
async function pass(clock: { advance(ms: number): Promise<void> }, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 10) {
    await clock.advance(10);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("debounced", () => {
  it("acts at once on the first change of a quiet mesh", () => {
    const { trigger, acted } = counted();
    trigger();
    expect(acted()).toBe(1);
  });

  it("gathers what follows closely into one act", async () => {
    const { clock, trigger, acted } = counted();
    trigger();
    trigger();
    trigger();
    expect(acted()).toBe(1);
    await pass(clock, 120);
    expect(acted()).toBe(2);
  });

  it("does not wait longer than a second while changes go on", async () => {
    const { clock, trigger, acted } = counted();
    for (let ms = 0; ms < 1_200; ms += 50) {
      trigger();
      await pass(clock, 50);
    }
    expect(acted()).toBe(2);
  });

  it("acts at once again after a quiet time", async () => {
    const { clock, trigger, acted } = counted();
    trigger();
    await pass(clock, 300);
    trigger();
    expect(acted()).toBe(2);
  });

  it("goes on after a failure", async () => {
    const clock = manualClock();
    const failures: unknown[] = [];
    const act = () => {
      throw new Error("no");
    };
    const onFailure = (error: unknown) => failures.push(error);
    const { signal } = new AbortController();
    const trigger = debounced({ act, expectsMore: () => false, onFailure, clock, signal });
    trigger();
    await pass(clock, 300);
    trigger();
    expect(failures).toHaveLength(2);
  });

  it("waits where more is expected, and acts once", async () => {
    const { clock, trigger, acted } = counted(true);
    trigger();
    expect(acted()).toBe(0);
    await pass(clock, 50);
    trigger();
    await pass(clock, 120);
    expect(acted()).toBe(1);
  });
});
