import { DOES_NOT_FIT, PatchError } from "./patch-failure.ts";

/** Reads a JSON pointer into its steps. Source: RFC 6901. */
export function pointerSteps(pointer: unknown): readonly string[] {
  if (pointer === "") return [];
  if (typeof pointer !== "string" || !pointer.startsWith("/")) throw new PatchError(DOES_NOT_FIT);
  const steps = pointer
    .slice(1)
    .split("/")
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  // A step of this name would reach the prototype of the document instead of a field.
  if (steps.includes("__proto__")) throw new PatchError(DOES_NOT_FIT);
  return steps;
}

/** A step as the index of an existing entry. */
export function indexOf(list: readonly unknown[], step: string): number {
  const index = /^(0|[1-9]\d{0,8})$/.test(step) ? Number(step) : list.length;
  if (index >= list.length) throw new PatchError(DOES_NOT_FIT);
  return index;
}
