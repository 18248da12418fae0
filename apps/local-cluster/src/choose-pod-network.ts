import { whyNoNetns } from "@bookmesh/pod-network/run-inside";
import type { CommandLine, PodNetworkMode } from "./options.ts";

/** The variable that a cluster in a network of its own is started with; it holds the line about it. */
export const INSIDE = "BOOKMESH_INSIDE";

/** A mode, and a line about it for the person who starts the cluster. */
export interface ChosenPodNetwork {
  readonly podNetwork: PodNetworkMode;
  readonly line: string;
}

/**
 * Chooses the mode of the pod network; `kept` is the one of the pods that there are already. Throws a sentence where it
 * was asked for and cannot be had.
 */
export function choosePodNetwork(
  wanted: CommandLine["podNetwork"],
  env: NodeJS.ProcessEnv,
  kept?: PodNetworkMode,
): ChosenPodNetwork {
  const insideLine = env[INSIDE];
  if (insideLine !== undefined) return { podNetwork: "netns", line: insideLine };
  const mode = wanted === "auto" ? (kept ?? wanted) : wanted;
  if (mode === "loopback")
    return { podNetwork: "loopback", line: "pod network: loopback (netns: --pod-network netns)" };
  const problem = whyNoNetns();
  if (problem === undefined)
    return { podNetwork: "netns", line: "pod network: netns, a network namespace for every pod" };
  if (mode === "netns") throw new Error(problem);
  return { podNetwork: "loopback", line: `pod network: loopback. ${problem}` };
}
