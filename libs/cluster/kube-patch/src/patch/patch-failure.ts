/** Why a patch was not applied: 400 (not a patch), 422 (does not fit this object), 413 (too much work). */
export interface PatchFailure {
  readonly code: 400 | 413 | 422;
  readonly message: string;
}

/** The document is no patch, or does not fit: thrown inside the appliers, which turn it into a `Result`. */
export class PatchError extends Error {
  override readonly name = "PatchError";
  readonly failure: PatchFailure;

  constructor(failure: PatchFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/** The sentence that Kubernetes has for every patch that does not fit its object. */
export const DOES_NOT_FIT: PatchFailure = {
  code: 422,
  message: "the server rejected our request due to an error in our request",
};

/** A patch that no object could take. */
export const TOO_DEEP: PatchFailure = { code: 400, message: "error decoding patch: it is nested too deeply" };
