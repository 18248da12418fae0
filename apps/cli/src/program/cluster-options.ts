import type { Command } from "commander";

/** The options of every command that speaks with a cluster. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** Adds the options that say which cluster and namespace; they may stand before or after the command's name. */
export function addClusterOptions(program: Command): Command {
  return program
    .option("-n, --namespace <name>", "where to act (default: the context's, else default)")
    .option("--kubeconfig <file>", "which cluster (default: $KUBECONFIG, else the local cluster)")
    .option("--context <name>", "another context of that file");
}
