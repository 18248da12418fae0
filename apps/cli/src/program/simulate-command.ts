import { InvalidArgumentError, Option, type Command } from "commander";
import type { SimulateOptions } from "../commands/simulate.ts";
import type { ConsoleIo } from "../console-io.ts";
import { example } from "./example.ts";
import { collect, count } from "./option-values.ts";

/** Adds `bookmesh simulate`. */
export function addSimulate(program: Command, io: ConsoleIo): void {
  program
    .command("simulate")
    .description("say what would become of a call, and of many, without sending any")
    .argument("[files...]", "files, folders, or - for standard input")
    .option("-f, --filename <file>", "the same", collect, [])
    .option("-k, --use-kube", "on the cluster, once it has the files (the default)", true)
    .option("--no-use-kube", "on the files alone; also --use-kube=false")
    .option("-R, --recursive", "folders with what lies below them")
    .option("--from <pod>", "who calls: a pod, a workload, or ingress (default: anybody of the namespace)")
    .requiredOption("--request <request>", 'for instance "GET http://rating:8080/rate/1"')
    .option("-H, --header <header>", 'for instance "tester: yes"', collect, [])
    .option("-c, --calls <count>", "how often, one call after the other", callCount, 1)
    .option("--every <ms>", "milliseconds from one call to the next", count, 100)
    .option("--answer <pod=status>", "what a pod does: POD=503, POD=200/2000 (ms), POD=refused", collect, [])
    .option("--seed <number>", "of what is left to chance", count, 1)
    .addOption(
      new Option("-o, --output <format>", "how to tell it").choices(["text", "json", "yaml"]).default("text"),
    )
    .addHelpText(
      "after",
      example(
        'bookmesh simulate --from book-service --request "GET http://rating:8080/rate/1"',
        "bookmesh simulate --use-kube=false -f shop/ --request http://rating:8080/ -c 1000 --answer rating-v2=503",
      ),
    )
    .action(async (files: readonly string[], _options: unknown, command: Command) => {
      const { simulate } = await import("../commands/simulate.ts");
      await simulate(io, files, command.optsWithGlobals<SimulateOptions>());
    });
}

/** More would take minutes. */
const MAX_CALLS = 1_000_000;

function callCount(text: string): number {
  const calls = count(text);
  if (calls < 1 || calls > MAX_CALLS) throw new InvalidArgumentError(`It must be from 1 to ${MAX_CALLS}.`);
  return calls;
}
