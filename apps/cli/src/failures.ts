/** What a script can tell apart; `findings` is istioctl's number. */
export const EXIT = { ok: 0, failure: 1, usage: 2, findings: 79 } as const;

/** A command line that asks for something impossible. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A command that has said what is wrong already, or whose exit code is somebody else's. */
export class Ended extends Error {
  override readonly name = "Ended";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}
