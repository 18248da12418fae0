/** The reason word of an API refusal (`Conflict`, `NotFound`, …); `undefined` where `error` is something else. */
export function refusalReason(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("status" in error)) return undefined;
  const { status } = error;
  if (typeof status !== "object" || status === null || !("reason" in status)) return undefined;
  return typeof status.reason === "string" ? status.reason : undefined;
}

/** Awaits a write and takes the named refusals for an answer: `undefined` is returned in their place. */
export async function unlessRefused<T>(
  write: Promise<T>,
  ...reasons: readonly string[]
): Promise<T | undefined> {
  try {
    return await write;
  } catch (error) {
    if (reasons.includes(refusalReason(error) ?? "")) return undefined;
    throw error;
  }
}
