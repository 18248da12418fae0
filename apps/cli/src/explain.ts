import { KubeError } from "@bookmesh/kube-client";
import { Ended, EXIT, UsageError } from "./failures.ts";

/** The exit code of a failure, and the sentence to show; no sentence where it was shown already. */
export function explain(error: unknown): { readonly exitCode: number; readonly sentence?: string } {
  if (error instanceof Ended) return { exitCode: error.exitCode };
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
