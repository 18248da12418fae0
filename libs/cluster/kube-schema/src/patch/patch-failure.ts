/** Why a patch was not applied: 400 (not a patch), 422 (does not fit this object), 413 (too much work). */
export interface PatchFailure {
  readonly code: 400 | 413 | 422;
  readonly message: string;
}
