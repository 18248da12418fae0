/** An expected outcome: a value, or the reason why there is none. Bugs throw instead. */
export type Result<T, E> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

/** The outcome that worked. */
export function ok<T>(value: T): Result<T, never> {
  return { ok: true, value };
}

/** The outcome that did not, with its reason. */
export function err<E>(error: E): Result<never, E> {
  return { ok: false, error };
}
