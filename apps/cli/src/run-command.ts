import { CommanderError } from "commander";
import { withCommandSeparator } from "./arguments/command-separator.ts";
import { withGoSwitches } from "./arguments/go-switches.ts";
import { warn, type ConsoleIo } from "./console-io.ts";
import { EXIT } from "./failures.ts";
import { bookmeshProgram } from "./program/program.ts";

/** Runs one command line (without the names of Node and the program) and resolves with its exit code. */
export async function runCommand(words: readonly string[], io: ConsoleIo): Promise<number> {
  const program = bookmeshProgram(io);
  try {
    await program.parseAsync(withCommandSeparator(withGoSwitches(words)), { from: "user" });
    return EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const { explain } = await import("./explain.ts"); // knows the API client, which not every command needs
    const { exitCode, sentence } = explain(error);
    if (sentence !== undefined) warn(io, sentence);
    return exitCode;
  }
}
