import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Command } from "commander";
import {
  discovery,
  kubeClient,
  loadKubeConfig,
  type Discovery,
  type KubeClient,
  type KubeConfig,
} from "@bookmesh/kube-client";
import type { ConsoleIo } from "./console-io.ts";
import { bookmeshHome } from "./home.ts";

/** The options of every command that speaks with a cluster. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
}

/** A cluster to speak with, and where its commands act. */
export interface Session {
  readonly io: ConsoleIo;
  readonly config: KubeConfig;
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly namespace: string;
}

/** Adds the options that say which cluster and namespace. */
export function withClusterOptions(command: Command): Command {
  return command
    .option("-n, --namespace <name>", "where to act (default: the context's, else default)")
    .option("--kubeconfig <file>", "which cluster (default: $KUBECONFIG, else the local cluster)")
    .option("--context <name>", "another context of that file");
}

/** Opens the cluster that the options, the environment or the local cluster name. Nothing is sent yet. */
export function openSession(io: ConsoleIo, options: ClusterOptions): Session {
  const config = loadKubeConfig(kubeconfigPath(io.env, options.kubeconfig), options.context);
  const client = kubeClient(config);
  return {
    io,
    config,
    client,
    discovery: discovery(client),
    namespace: options.namespace ?? config.namespace ?? "default",
  };
}

function kubeconfigPath(env: NodeJS.ProcessEnv, named: string | undefined): string {
  const fromEnvironment = env["KUBECONFIG"]?.split(delimiter).find((path) => path !== "");
  const chosen = named ?? fromEnvironment;
  if (chosen !== undefined) return chosen;
  const local = join(bookmeshHome(env), "kubeconfig");
  if (existsSync(local)) return local;
  throw new Error(
    `There is no local cluster (${local} does not exist); start one with "bookmesh up", or name one with --kubeconfig.`,
  );
}
