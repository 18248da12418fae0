import { CommanderError } from "commander";
import { KubeError } from "@bookmesh/kube-client";

/** What a script can tell apart. */
export const EXIT = { ok: 0, failure: 1, usage: 2 } as const;

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

/** The exit code of a failure, and the sentence to show; no sentence where it was shown already. */
export function explain(error: unknown): { readonly exitCode: number; readonly sentence?: string } {
  if (error instanceof Ended) return { exitCode: error.exitCode };
  if (error instanceof CommanderError) return { exitCode: error.exitCode === 0 ? EXIT.ok : EXIT.usage };
  if (error instanceof UsageError) return { exitCode: EXIT.usage, sentence: `error: ${error.message}` };
  return { exitCode: EXIT.failure, sentence: sentenceOf(error) };
}

/** An error as kubectl shows it: the server's words with its reason, or our own. */
export function sentenceOf(error: unknown): string {
  if (error instanceof KubeError) return `Error from server${reasonOf(error)}: ${error.message.trim()}`;
  return `error: ${error instanceof Error ? error.message : String(error)}`;
}

/** ` (NotFound)`, or nothing where the server gave no reason. */
export function reasonOf({ status }: KubeError): string {
  return status.reason === undefined ? "" : ` (${status.reason})`;
}
