import type { Command } from "commander";
import type { ExecOptions } from "../commands/exec.ts";
import type { LogsOptions } from "../commands/logs.ts";
import type { ConsoleIo } from "../console-io.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { example } from "./example.ts";
import { lineCount } from "./option-values.ts";

/** Adds the commands that look into pods. */
export function addPodCommands(program: Command, io: ConsoleIo): void {
  program
    .command("describe")
    .description("show a pod's containers, their state, and what happened to it")
    .argument("<target...>", "pod NAME or pod/NAME")
    .addHelpText("after", example("bookmesh describe pod rating-service-v1-66b55746d-f4hpl"))
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const { describe } = await import("../commands/describe.ts");
      await describe(io, words, options);
    });
  program
    .command("logs")
    .description("show what a container wrote")
    .argument("[pod]", "POD or deployment/NAME")
    .option("-c, --container <name>", "which one (default: the pod's first)")
    .option("-f, --follow", "go on until Ctrl-C")
    .option("--tail <lines>", "only so many of the last lines", lineCount)
    .option("-p, --previous", "of the container before its last restart")
    .option("-l, --selector <selector>", "of all pods with these labels")
    .addHelpText("after", example("bookmesh logs -f rating-service-v1-66b55746d-f4hpl -c rating-service"))
    .action(async (pod: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<LogsOptions>();
      const { logs } = await import("../commands/logs.ts");
      await logs(io, pod, options);
    });
  program
    .command("exec")
    .description("run a command in a container; ends with its exit code")
    .argument("<words...>", "POD -- COMMAND…")
    .option("-c, --container <name>", "which one (default: the pod's first)")
    .option("-i, --stdin", "hand standard input over")
    .option("-t, --tty", "as in a terminal")
    .addHelpText(
      "after",
      example(
        "bookmesh exec -ti rating-service-v1-66b55746d-f4hpl -c rating-service -- curl localhost:8080/rate/1",
      ),
    )
    .action(async (words: readonly string[], _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ExecOptions>();
      const { exec } = await import("../commands/exec.ts");
      await exec(io, words, options);
    });
}
