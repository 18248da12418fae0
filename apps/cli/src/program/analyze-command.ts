import { InvalidArgumentError, Option, type Command } from "commander";
import type { AnalyzeOptions } from "../commands/analyze.ts";
import type { ConsoleIo } from "../console-io.ts";
import { example } from "./example.ts";
import { collect } from "./option-values.ts";

/** Adds `bookmesh analyze`. */
export function addAnalyze(program: Command, io: ConsoleIo): void {
  program
    .command("analyze")
    .description("find what is wrong with rules and services, in files, a cluster, or both")
    .argument("[files...]", "files, folders, or - for standard input")
    .option("-f, --filename <file>", "the same", collect, [])
    .option("-k, --use-kube", "look at the cluster too (the default)", true)
    .option("--no-use-kube", "look at the files alone; also --use-kube=false")
    .option("-A, --all-namespaces", "tell of all namespaces of the cluster")
    .option("-R, --recursive", "folders with what lies below them")
    .option("-L, --list-analyzers", "list the analyzers and their codes")
    .addOption(
      new Option("-o, --output <format>", "how to tell it").choices(["log", "json", "yaml"]).default("log"),
    )
    .option(
      "--failure-threshold <level>",
      "exit with code 79 from this level on: Info, Warning or Error",
      level,
      "Error",
    )
    .option("--output-threshold <level>", "tell from this level on", level, "Info")
    .option("-S, --suppress <code=object>", 'keep quiet, for instance "IST0103=Pod *.default"', collect, [])
    .option("--ignore-unknown", "do not fail because of documents that hold no object")
    .addHelpText(
      "after",
      example(
        "bookmesh analyze",
        "bookmesh analyze --use-kube=false rating.yml deploy/",
        "bookmesh analyze -A -o json",
      ),
    )
    .action(async (files: readonly string[], _options: unknown, command: Command) => {
      const { analyze } = await import("../commands/analyze.ts");
      await analyze(io, files, command.optsWithGlobals<AnalyzeOptions>());
    });
}

function level(text: string): AnalyzeOptions["failureThreshold"] {
  const found = (["Error", "Warning", "Info"] as const).find(
    (each) => each.toLowerCase() === text.toLowerCase(),
  );
  if (found === undefined) throw new InvalidArgumentError("It must be Info, Warning or Error.");
  return found;
}
