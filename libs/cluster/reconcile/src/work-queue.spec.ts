import { manualClock, type ManualClock } from "@bookmesh/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { workQueue, type WorkQueue } from "./work-queue.ts";

const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describe("workQueue", () => {
  let clock: ManualClock;
  let worked: string[];
  let failures: number;
  let queue: WorkQueue;
  let gates: PromiseWithResolvers<undefined>[];
  let isGated: boolean;

  beforeEach(() => {
    clock = manualClock();
    worked = [];
    failures = 0;
    gates = [];
    isGated = false;
    queue = workQueue({
      clock,
      random: () => 1,
      retry: { initialMs: 100, maxMs: 400 },
      concurrency: 2,
      onFailure: () => undefined,
      async sync(key) {
        worked.push(key);
        const gate = Promise.withResolvers<undefined>();
        gates.push(gate);
        if (isGated) await gate.promise;
        if (failures > 0) {
          failures -= 1;
          throw new Error("not yet");
        }
      },
    });
  });

  it("works once on a key that is added often", async () => {
    for (let times = 0; times < 3; times += 1) queue.add("a");
    await settle();
    expect(worked).toEqual(["a"]);
  });

  it("works on as many keys at once as it may, and never twice on the same", async () => {
    isGated = true;
    for (const key of ["a", "b", "c"]) queue.add(key);
    await settle();
    queue.add("a");
    await settle();
    expect(worked).toEqual(["a", "b"]);
    gates[0]?.resolve(undefined);
    await settle();
    expect(worked).toEqual(["a", "b", "c"]);
  });

  it("waits longer after each failure, up to its limit", async () => {
    failures = 4;
    queue.add("a");
    await settle();
    const tries: number[] = [];
    for (const ms of [100, 200, 400, 400]) {
      await clock.advance(ms - 1);
      await settle();
      const before = worked.length;
      await clock.advance(1);
      await settle();
      tries.push(worked.length - before);
    }
    expect(tries).toEqual([1, 1, 1, 1]);
  });

  it("keeps the earliest of several alarms for a key", async () => {
    queue.addAfter("a", 500);
    queue.addAfter("a", 50);
    queue.addAfter("a", 90);
    await clock.advance(50);
    await settle();
    await clock.advance(1000);
    await settle();
    expect(worked).toEqual(["a"]);
  });

  it("does nothing after it was stopped", async () => {
    queue.addAfter("a", 10);
    queue.stop();
    queue.add("b");
    await clock.advance(100);
    await settle();
    expect(worked).toEqual([]);
  });
});
