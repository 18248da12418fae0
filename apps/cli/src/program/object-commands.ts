import { Option, type Command } from "commander";
import type { DeleteOptions } from "../commands/delete.ts";
import type { GetOptions } from "../commands/get-options.ts";
import type { LabelOptions } from "../commands/label.ts";
import type { ConsoleIo } from "../console-io.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { example } from "./example.ts";
import { collect, count } from "./option-values.ts";

/** Adds the commands for objects of any kind: those of kubectl that the tutorial needs. */
export function addObjectCommands(program: Command, io: ConsoleIo): void {
  addReading(program, io);
  addWriting(program, io);
  addChanges(program, io);
  addRollout(program, io);
}

function addReading(program: Command, io: ConsoleIo): void {
  program
    .command("get")
    .description("show objects")
    .argument("<type...>", "TYPE, TYPE NAME…, TYPE/NAME…, TYPE,TYPE or all")
    .option("-A, --all-namespaces", "of every namespace")
    .addOption(
      new Option("-o, --output <format>", "how to show them")
        .choices(["table", "wide", "json", "yaml", "name"])
        .default("table"),
    )
    .option("-w, --watch", "go on with each change")
    .option("-l, --selector <selector>", "only objects with these labels")
    .option("--show-labels", "with a column of labels")
    .option("--no-headers", "without the line of column names")
    .option("--ignore-not-found", "say nothing of objects that do not exist")
    .addHelpText("after", example("bookmesh get pods -o wide", "bookmesh get virtualservice rating -o yaml"))
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GetOptions>();
      const { get } = await import("../commands/get.ts");
      await get(io, words, options);
    });
}

function addWriting(program: Command, io: ConsoleIo): void {
  program
    .command("apply")
    .description("make objects be what files say")
    .requiredOption("-f, --filename <path>", "a file, a folder, or - for standard input", collect)
    .addHelpText(
      "after",
      example("bookmesh apply -f virtual-service-v1.yml", "cat rules.yml | bookmesh apply -f -"),
    )
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions & { readonly filename: readonly string[] }>();
      const { apply } = await import("../commands/apply.ts");
      await apply(io, options);
    });
  program
    .command("delete")
    .description("delete what files describe, or objects by type and name")
    .argument("[type...]", "TYPE NAME…, TYPE/NAME… or TYPE with -l or --all")
    .option("-f, --filename <path>", "a file, a folder, or - for standard input", collect, [])
    .option("-l, --selector <selector>", "all objects with these labels")
    .option("--all", "all objects of the type in the namespace")
    .option("--ignore-not-found", "count objects that do not exist as deleted")
    .option("--grace-period <seconds>", "how long pods have to end", count)
    .addOption(
      new Option("--wait [yes]", "return only when the objects are gone")
        .choices(["true", "false"])
        .default("true"),
    )
    .addHelpText(
      "after",
      example("bookmesh delete -f virtual-service-v1.yml", "bookmesh delete virtualservice rating"),
    )
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<DeleteOptions>();
      const { deleteObjects } = await import("../commands/delete.ts");
      await deleteObjects(io, words, options);
    });
}

function addChanges(program: Command, io: ConsoleIo): void {
  program
    .command("label")
    .description("set labels (key=value) or remove them (key-)")
    .argument("<words...>", "TYPE NAME key=value … key- …")
    .option("--overwrite", "also labels that have another value")
    .addHelpText("after", example("bookmesh label namespace default istio-injection=enabled"))
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LabelOptions>();
      const { label } = await import("../commands/label.ts");
      await label(io, words, options);
    });
  program
    .command("scale")
    .description("set how many pods there shall be")
    .argument("<target...>", "TYPE NAME or TYPE/NAME")
    .requiredOption("--replicas <count>", "how many", count)
    .addHelpText("after", example("bookmesh scale deployment rating-service-v1 --replicas 5"))
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions & { readonly replicas: number }>();
      const { scale } = await import("../commands/scale.ts");
      await scale(io, words, options);
    });
}

function addRollout(program: Command, io: ConsoleIo): void {
  const rollout = program
    .command("rollout")
    .description("restart the pods of a Deployment, or wait for them")
    .addHelpText("after", example("bookmesh rollout restart deployment/book-service"));
  rollout
    .command("status")
    .description("return when all pods are new and ready")
    .argument("<target...>", "deployment NAME or deployment/NAME")
    .addHelpText("after", example("bookmesh rollout status deployment/book-service"))
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const { rolloutStatus } = await import("../commands/rollout.ts");
      await rolloutStatus(io, words, command.optsWithGlobals<ClusterOptions>());
    });
  rollout
    .command("restart")
    .description("put new pods in the place of the old ones")
    .argument("<target...>", "deployment NAME or deployment/NAME")
    .addHelpText("after", example("bookmesh rollout restart deployment/book-service"))
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const { rolloutRestart } = await import("../commands/rollout.ts");
      await rolloutRestart(io, words, command.optsWithGlobals<ClusterOptions>());
    });
}
