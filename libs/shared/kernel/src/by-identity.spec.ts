import { describe, expect, it } from "vitest";
import { byIdentity, lastCall, steadyList, steadyRecord } from "./by-identity.ts";

describe("byIdentity", () => {
  it("makes a value once for the very same objects", () => {
    let made = 0;
    const pair = byIdentity(
      (one: { a: number }, other: { b: number }) => `${(made += 1)}: ${one.a} ${other.b}`,
    );
    const [one, other] = [{ a: 1 }, { b: 2 }];
    expect([pair(one, other), pair(one, other), pair({ a: 1 }, other), pair(one, { b: 2 })]).toEqual([
      "1: 1 2",
      "1: 1 2",
      "2: 1 2",
      "3: 1 2",
    ]);
  });

  it("tells fewer keys from more", () => {
    const count = byIdentity((...keys: readonly object[]) => keys.length);
    const key = {};
    expect([count(key, key), count(key), count(), count(key, key)]).toEqual([2, 1, 0, 2]);
  });

  it("remembers that there is nothing", () => {
    let made = 0;
    const nothing = byIdentity((...keys: readonly object[]) => void (made += keys.length));
    const key = {};
    nothing(key);
    nothing(key);
    expect(made).toBe(1);
  });
});

describe("lastCall", () => {
  it("answers the last call again, and no other", () => {
    let made = 0;
    const sum = lastCall((one: number, other: number) => ({ made: (made += 1), sum: one + other }));
    const first = sum(1, 2);
    expect(sum(1, 2)).toBe(first);
    expect(sum(2, 2)).toEqual({ made: 2, sum: 4 });
    expect(sum(1, 2)).toEqual({ made: 3, sum: 3 });
  });
});

describe("steadyList", () => {
  it("gives the list before as long as its members are the same", () => {
    const steady = steadyList<object>();
    const [one, other] = [{}, {}];
    const first = steady([one, other]);
    expect(steady([one, other])).toBe(first);
    expect(steady([other, one])).toEqual([other, one]);
    expect(steady([other])).toHaveLength(1);
  });
});

describe("steadyRecord", () => {
  it("gives the record before as long as its members are the same", () => {
    const steady = steadyRecord<{ readonly a: object; readonly b?: object }>();
    const [one, other] = [{}, {}];
    const first = steady({ a: one });
    expect(steady({ a: one })).toBe(first);
    expect(steady({ a: one, b: other })).toEqual({ a: one, b: other });
    expect(steady({ a: other })).toEqual({ a: other });
  });
});
