import { Command } from "commander";
import type { ConsoleIo } from "../console-io.ts";
import { VERSION } from "../version.ts";
import { addClusterOptions } from "./cluster-options.ts";
import { example } from "./example.ts";
import { addInstallCommands } from "./install-commands.ts";
import { addMeshCommands } from "./mesh-commands.ts";
import { addObjectCommands } from "./object-commands.ts";
import { addPodCommands } from "./pod-commands.ts";

/** The command `bookmesh` with all its subcommands; each loads its own code when it runs. */
export function bookmeshProgram(io: ConsoleIo): Command {
  const program = new Command("bookmesh")
    .description("A service mesh on a laptop and on Kubernetes.")
    .version(VERSION)
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError("(add --help for what it takes)")
    .exitOverride();
  addClusterOptions(program);
  addMeshCommands(program, io);
  addInstallCommands(program, io);
  addObjectCommands(program, io);
  addPodCommands(program, io);
  return program.addHelpText("after", example("bookmesh up", "bookmesh get pods", "bookmesh proxy-status"));
}
