import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
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
import type { ClusterOptions } from "./program/cluster-options.ts";

/** A cluster to speak with, and where its commands act. */
export interface Session {
  readonly io: ConsoleIo;
  readonly config: KubeConfig;
  readonly client: KubeClient;
  readonly discovery: Discovery;
  readonly namespace: string;
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
