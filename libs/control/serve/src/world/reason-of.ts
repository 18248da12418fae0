/** Why something failed, in one line: what an operator reads. Stacks are for bugs. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
