import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TimerWheel, WheelTimer } from "./timer-wheel.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("TimerWheel", () => {
  it.each([
    { afterMs: 1, due: 50 },
    { afterMs: 50, due: 50 },
    { afterMs: 51, due: 100 },
    { afterMs: 10_000, due: 10_000 },
    { afterMs: 60_000, due: 60_000 },
  ])("fires what is due after $afterMs ms at $due ms, and once", ({ afterMs, due }) => {
    const fire = vi.fn();
    new TimerWheel().start(new WheelTimer(fire), afterMs);
    vi.advanceTimersByTime(due - 1);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fire).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(100_000);
    expect(fire).toHaveBeenCalledOnce();
  });

  it("never fires early, though it was started between two ticks", () => {
    const fire = vi.fn();
    const wheel = new TimerWheel();
    wheel.start(new WheelTimer(() => undefined), 10_000);
    vi.advanceTimersByTime(45);
    wheel.start(new WheelTimer(fire), 100);
    vi.advanceTimersByTime(99);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(6);
    expect(fire).toHaveBeenCalledOnce();
  });

  it("counts anew where a timer is started again", () => {
    const fire = vi.fn();
    const wheel = new TimerWheel();
    const timer = new WheelTimer(fire);
    wheel.start(timer, 100);
    vi.advanceTimersByTime(50);
    wheel.start(timer, 100);
    vi.advanceTimersByTime(99);
    expect(fire).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(fire).toHaveBeenCalledOnce();
  });

  it("spares a timer that one of the same tick has stopped", () => {
    const fired: string[] = [];
    const wheel = new TimerWheel();
    const one = new WheelTimer(() => {
      fired.push("one");
      wheel.stop(other);
    });
    const other = new WheelTimer(() => {
      fired.push("other");
      wheel.stop(one);
    });
    wheel.start(one, 50);
    wheel.start(other, 50);
    vi.advanceTimersByTime(1_000);
    expect(fired).toHaveLength(1);
  });

  it("does not tick while nothing is waited for", () => {
    const wheel = new TimerWheel();
    const timer = new WheelTimer(() => undefined);
    wheel.start(timer, 100);
    expect(vi.getTimerCount()).toBe(1);
    wheel.stop(timer);
    vi.advanceTimersByTime(50);
    expect(vi.getTimerCount()).toBe(0);
  });
});
