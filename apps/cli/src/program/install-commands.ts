import { Option, type Command } from "commander";
import type { InstallCommandOptions } from "../commands/install.ts";
import type { ManifestOptions } from "../commands/manifest.ts";
import type { UninstallCommandOptions } from "../commands/uninstall.ts";
import type { ConsoleIo } from "../console-io.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { example } from "./example.ts";
import { collect } from "./option-values.ts";

/** Adds the commands that install the mesh, look at it, and remove it. */
export function addInstallCommands(program: Command, io: ConsoleIo): void {
  addInstall(program, io);
  addUninstall(program, io);
  addManifest(program, io);
  addChecks(program, io);
}

function addInstall(program: Command, io: ConsoleIo): void {
  const commands = [
    { name: "install", description: "install the mesh, or make the installed one as the settings say" },
    { name: "upgrade", description: "make the installed mesh as this version and the settings say" },
  ] as const;
  for (const { name, description } of commands) {
    withChoice(program.command(name))
      .description(description)
      .option("-y, --yes", "do not ask")
      .addHelpText("after", example(`bookmesh ${name} --set profile=demo -y`))
      .action(async (_options: unknown, command: Command) => {
        const commandsOfInstall = await import("../commands/install.ts");
        await commandsOfInstall[name](io, command.optsWithGlobals<InstallCommandOptions>());
      });
  }
}

function addUninstall(program: Command, io: ConsoleIo): void {
  program
    .command("uninstall")
    .description("remove the mesh, its kinds and with them all rules")
    .option("--keep-crds", "keep the kinds with all rules, and the namespace with the mesh's root")
    .addOption(new Option("--purge").hideHelp()) // istioctl wants it; here it is what happens anyway
    .option("-y, --yes", "do not ask")
    .addHelpText("after", example("bookmesh uninstall -y"))
    .action(async (_options: unknown, command: Command) => {
      const { uninstall } = await import("../commands/uninstall.ts");
      await uninstall(io, command.optsWithGlobals<UninstallCommandOptions>());
    });
}

function addManifest(program: Command, io: ConsoleIo): void {
  const manifest = program.command("manifest").description("show what an installation consists of");
  withChoice(manifest.command("generate"))
    .description("print the objects that install would apply")
    .option("--cluster-specific", "for the pod network of the cluster at hand")
    .addHelpText("after", example("bookmesh manifest generate --set profile=demo"))
    .action(async (_options: unknown, command: Command) => {
      const { generateManifest } = await import("../commands/manifest.ts");
      await generateManifest(io, command.optsWithGlobals<ManifestOptions>());
    });
}

function addChecks(program: Command, io: ConsoleIo): void {
  withChoice(program.command("verify-install"))
    .description("look whether every object of the mesh is there and ready")
    .addHelpText("after", example("bookmesh verify-install --set profile=demo"))
    .action(async (_options: unknown, command: Command) => {
      const { verifyInstall } = await import("../commands/verify-install.ts");
      await verifyInstall(io, command.optsWithGlobals<InstallCommandOptions>());
    });
  program
    .command("experimental")
    .alias("x")
    .description("commands that istioctl calls experimental")
    .command("precheck")
    .description("look whether the mesh can be installed; changes nothing")
    .addHelpText("after", example("bookmesh x precheck"))
    .action(async (_options: unknown, command: Command) => {
      const { precheck } = await import("../commands/precheck.ts");
      await precheck(io, command.optsWithGlobals<ClusterOptions>());
    });
}

function withChoice(command: Command): Command {
  return command
    .option("--set <path=value>", "profile=demo|default|minimal, hub=…, values.…, meshConfig.…", collect, [])
    .option("-f, --filename <file>", "an IstioOperator with the same settings; --set wins", collect, []);
}
