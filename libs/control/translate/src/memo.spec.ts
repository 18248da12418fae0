import { describe, expect, it } from "vitest";
import { memo } from "./memo.ts";

function counted() {
  const made: number[] = [];
  const doubled = memo(({ value }: { value: number }) => {
    made.push(value);
    return { result: value * 2 };
  });
  return { made, doubled };
}

describe("memo", () => {
  it("makes one value for equal inputs", () => {
    const { made, doubled } = counted();
    expect(doubled.of({ value: 2 })).toBe(doubled.of({ value: 2 }));
    expect(doubled.of({ value: 3 })).toEqual({ result: 6 });
    expect(made).toEqual([2, 3]);
  });

  it("keeps what is asked for from sweep to sweep, and forgets the rest", () => {
    const { made, doubled } = counted();
    doubled.of({ value: 1 });
    doubled.of({ value: 2 });
    for (let round = 0; round < 2; round += 1) {
      doubled.sweep();
      doubled.of({ value: 1 });
    }
    doubled.of({ value: 2 });
    expect(made).toEqual([1, 2, 2]);
  });
});
