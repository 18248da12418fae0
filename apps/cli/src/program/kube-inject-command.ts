import type { Command } from "commander";
import type { KubeInjectOptions } from "../commands/kube-inject.ts";
import type { ConsoleIo } from "../console-io.ts";
import { example } from "./example.ts";

/** Adds `bookmesh kube-inject`. */
export function addKubeInject(program: Command, io: ConsoleIo): void {
  program
    .command("kube-inject")
    .description("add the sidecar to the workloads of a file, for namespaces where the mesh does not")
    .requiredOption("-f, --filename <file>", "a file of YAML or JSON documents; -: standard input")
    .option("-o, --output <file>", "where to write (default: standard output)")
    .option("--meshConfigFile <file>", "the mesh configuration (default: the cluster's)")
    .option("--valuesFile <file>", "the injector's values (default: the cluster's)")
    .addHelpText("after", example("bookmesh kube-inject -f rating.yml | kubectl apply -f -"))
    .action(async (_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<KubeInjectOptions>();
      const { kubeInject } = await import("../commands/kube-inject.ts");
      await kubeInject(io, options);
    });
}
