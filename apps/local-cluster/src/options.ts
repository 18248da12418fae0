import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

/** The modes of the pod network. */
export type PodNetworkMode = (typeof POD_NETWORK_MODES)[number];

/** Each mode of the pod network. */
export const POD_NETWORK_MODES = ["loopback", "mapped", "netns"] as const;

const POD_NETWORKS = [...POD_NETWORK_MODES, "auto"] as const;

/** How to start a local cluster. */
export interface LocalClusterOptions {
  /** Where all state lives. */
  readonly home: string;
  /** The loopback address of the API and of node ports. */
  readonly address: string;
  readonly port: number;
  /** How pods are on the network. */
  readonly podNetwork: PodNetworkMode;
  /** Begin anew: what is in `home` goes. */
  readonly fresh: boolean;
  /** Where the built programs lie. */
  readonly distDirectory: string;
  /** Where the project's tools and the image map lie. */
  readonly projectDirectory: string;
}

/** What the command line says. */
export interface CommandLine extends Omit<LocalClusterOptions, "podNetwork"> {
  /** The mode of the pod network; `auto` (the default) is what the kept pods have, else what fits this machine. */
  readonly podNetwork: PodNetworkMode | "auto";
  /** Bring up the API alone. */
  readonly empty: boolean;
}

/** The port of the API, as on every Kubernetes. */
const API_PORT = 6443;

/** Reads flags and environment: `--home` (`BOOKMESH_HOME`), `--address` (`BOOKMESH_ADDRESS`), `--pod-network` (`BOOKMESH_POD_NETWORK`), `--fresh`, `--empty`. */
export function readCommandLine(words: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  const { values } = parseArgs({
    args: [...words],
    options: {
      home: { type: "string" },
      address: { type: "string" },
      "pod-network": { type: "string" },
      fresh: { type: "boolean", default: false },
      empty: { type: "boolean", default: false },
    },
  });
  const projectDirectory = findProject(import.meta.dirname);
  return {
    home: resolve(values.home ?? nonEmpty(env["BOOKMESH_HOME"]) ?? join(projectDirectory, ".bookmesh")),
    address: values.address ?? nonEmpty(env["BOOKMESH_ADDRESS"]) ?? "127.0.0.1",
    port: API_PORT,
    podNetwork: readPodNetwork(values["pod-network"] ?? nonEmpty(env["BOOKMESH_POD_NETWORK"]) ?? "auto"),
    fresh: values.fresh,
    empty: values.empty,
    distDirectory: resolve(nonEmpty(env["BOOKMESH_DIST"]) ?? join(projectDirectory, "dist")),
    projectDirectory,
  };
}

function readPodNetwork(text: string): CommandLine["podNetwork"] {
  const mode = POD_NETWORKS.find((each) => each === text);
  if (mode === undefined)
    throw new Error(`There is no pod network "${text}": take one of ${POD_NETWORKS.join(", ")}.`);
  return mode;
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}

/** The nearest folder above this file that holds the image map: the bundle lies elsewhere than the source. */
function findProject(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, "apps/local-cluster/image-map.yml"))) return folder;
  throw new Error("The project's files are not above this program; run it inside a clone of the project.");
}
