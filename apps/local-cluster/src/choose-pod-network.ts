import { tryNetns } from "@bookmesh/pod-network/run-inside";
import type { CommandLine, PodNetworkMode } from "./options.ts";

/** The variable that a cluster in a network of its own is started with; it holds the line about it. */
export const INSIDE = "BOOKMESH_INSIDE";

/** A mode, and a line about it for the person who starts the cluster. */
export interface ChosenPodNetwork {
  readonly podNetwork: PodNetworkMode;
  readonly line: string;
}

/** What the choice depends on. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** The mode of the pods that there are already. */
  readonly kept?: PodNetworkMode;
}

/** Chooses the mode of the pod network. Throws a sentence where it was asked for and cannot be had. */
export function choosePodNetwork(
  wanted: CommandLine["podNetwork"],
  { env, platform, kept }: Surroundings,
): ChosenPodNetwork {
  const insideLine = env[INSIDE];
  if (insideLine !== undefined) return { podNetwork: "netns", line: insideLine };
  // macOS has one loopback address, and no network namespaces.
  const fitting = platform === "darwin" ? "mapped" : "auto";
  const mode = wanted === "auto" ? (kept ?? fitting) : wanted;
  if (mode === "loopback")
    return { podNetwork: "loopback", line: "pod network: loopback (netns: --pod-network netns)" };
  if (mode === "mapped")
    return { podNetwork: "mapped", line: "pod network: mapped, the pods' ports are ports of this address" };
  const { whyNone, whyOneUser } = tryNetns();
  if (whyNone === undefined) {
    const line = "pod network: netns, a network namespace for every pod";
    return { podNetwork: "netns", line: whyOneUser === undefined ? line : `${line}. ${whyOneUser}` };
  }
  if (mode === "netns") throw new Error(whyNone);
  return { podNetwork: "loopback", line: `pod network: loopback. ${whyNone}` };
}
