import { InvalidArgumentError } from "commander";

/** Collects an option that may be given several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** A whole number of at least 0. */
export function count(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError("It must be a whole number of at least 0.");
  return Number(value);
}

/** As `count`, but -1 means all. */
export function lineCount(value: string): number {
  return value === "-1" ? Number.MAX_SAFE_INTEGER : count(value);
}
