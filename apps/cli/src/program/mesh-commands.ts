import { Option, type Command } from "commander";
import type { ProxyConfigOptions } from "../commands/proxy-config.ts";
import type { ConsoleIo } from "../console-io.ts";
import type { ProxyView } from "../proxy/proxy-tables.ts";
import type { ClusterOptions } from "./cluster-options.ts";
import { addAnalyze } from "./analyze-command.ts";
import { example } from "./example.ts";
import { addKubeInject } from "./kube-inject-command.ts";
import { addSimulate } from "./simulate-command.ts";

/** Adds the commands for the platform and its sidecars. */
export function addMeshCommands(program: Command, io: ConsoleIo): void {
  addPlatform(program, io);
  addProxies(program, io);
  addKubeInject(program, io);
  addAnalyze(program, io);
  addSimulate(program, io);
}

function addPlatform(program: Command, io: ConsoleIo): void {
  program
    .command("up")
    .description("start the local cluster, the mesh and the services of the tutorial, until Ctrl-C")
    .argument("[flags...]", "--fresh: begin anew; --empty: the API alone")
    .allowUnknownOption()
    .addHelpText("after", example("bookmesh up --fresh"))
    .action(async (flags: readonly string[]) => {
      const { up } = await import("../commands/platform.ts");
      await up(flags);
    });
  program
    .command("down")
    .description("end the local cluster that runs in another terminal; its state is kept")
    .addHelpText("after", example("bookmesh down"))
    .action(async () => {
      const { down } = await import("../commands/platform.ts");
      await down(io);
    });
  program
    .command("status")
    .description("show the cluster, the mesh and each pod with its sidecar")
    .addHelpText("after", example("bookmesh status"))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const { status } = await import("../commands/status.ts");
      await status(io, options);
    });
  program
    .command("version")
    .description("show the versions of this command, of istiod and of the sidecars")
    .addHelpText("after", example("bookmesh version"))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions>();
      const { version } = await import("../commands/version.ts");
      await version(io, options);
    });
}

function addProxies(program: Command, io: ConsoleIo): void {
  program
    .command("proxy-status")
    .alias("ps")
    .description("show which sidecar has which part of its configuration")
    .argument("[pod]", "POD or POD.NAMESPACE")
    .addOption(outputOption())
    .addHelpText(
      "after",
      example("bookmesh proxy-status", "bookmesh proxy-status book-service-5cc59cdcfd-5qhb2"),
    )
    .action(async (pod: string | undefined, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<ClusterOptions & { output: "table" | "json" | "yaml" }>();
      const { proxyStatus } = await import("../commands/proxy-status.ts");
      await proxyStatus(io, pod, options);
    });
  const parent = program
    .command("proxy-config")
    .alias("pc")
    .description("show what a sidecar holds")
    .addHelpText("after", example("bookmesh proxy-config routes book-service-5cc59cdcfd-5qhb2"));
  for (const { view, aliases, description } of VIEWS) {
    parent
      .command(view)
      .aliases(aliases)
      .description(description)
      .argument("<pod>", "POD or POD.NAMESPACE")
      .addOption(outputOption())
      .option("--filter <text>", "only rows with this text in a cell")
      .addOption(clusterOption(view))
      .addHelpText("after", example(`bookmesh proxy-config ${view} book-service-5cc59cdcfd-5qhb2.default`))
      .action(async (pod: string, _options: unknown, command: Command) => {
        const options = command.optsWithGlobals<ProxyConfigOptions>();
        const { proxyConfig } = await import("../commands/proxy-config.ts");
        await proxyConfig(io, { view, pod }, options);
      });
  }
}

const VIEWS: readonly {
  readonly view: ProxyView;
  readonly aliases: string[];
  readonly description: string;
}[] = [
  { view: "listeners", aliases: ["listener", "l"], description: "where it listens, and where that goes" },
  { view: "routes", aliases: ["route", "r"], description: "which host and path goes by which rule" },
  { view: "clusters", aliases: ["cluster", "c"], description: "the services and subsets that it can call" },
  {
    view: "endpoints",
    aliases: ["endpoint", "ep"],
    description: "the hosts of each cluster, and their health",
  },
];

/** As istioctl has it; other views have no column of whole cluster names. */
function clusterOption(view: ProxyView): Option {
  return new Option("--cluster <name>", "only the hosts of this cluster").hideHelp(view !== "endpoints");
}

function outputOption(): Option {
  return new Option("-o, --output <format>", "how to show it")
    .choices(["table", "json", "yaml"])
    .default("table");
}
