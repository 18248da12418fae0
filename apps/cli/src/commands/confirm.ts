import { createInterface } from "node:readline/promises";
import { print, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT } from "../failures.ts";

/** Asks a person; a script has meant what it wrote. */
export async function confirm(
  io: ConsoleIo,
  options: { readonly yes?: boolean },
  sentence: string,
): Promise<void> {
  if (options.yes || !io.stdin.isTTY || !io.stdout.isTTY) return;
  const dialogue = createInterface({ input: io.stdin, output: io.stdout });
  const answer = await dialogue.question(`${sentence} Proceed? (y/N) `);
  dialogue.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    print(io, "Cancelled.");
    throw new Ended(EXIT.failure);
  }
}
