import { spawnSync } from "node:child_process";

/** Where images can be loaded to. */
export const LOAD_TARGETS = ["cluster", "kind"] as const;

export type LoadTarget = (typeof LOAD_TARGETS)[number];

/**
 * Puts an archive's images where a cluster's nodes find them.
 *
 * `cluster` is the containerd of this machine's own node, at the socket that `CONTAINERD_ADDRESS` names. `kind` is the
 * cluster that `KIND_CLUSTER_NAME` names.
 */
export function loadImages(target: LoadTarget, archive: string): void {
  const [program, ...words] = loadCommand(target, archive, process.env);
  const { status, error } = spawnSync(program, words, { stdio: ["ignore", "ignore", "inherit"] });
  if (error !== undefined) throw new Error(`${program} did not start: ${error.message}.`);
  if (status !== 0) throw new Error(`${program} could not load ${archive}; what it said stands above.`);
}

type Command = readonly [string, ...string[]];

function loadCommand(target: LoadTarget, archive: string, env: NodeJS.ProcessEnv): Command {
  switch (target) {
    case "cluster":
      return ["ctr", "--namespace", "k8s.io", "images", "import", archive];
    case "kind":
      return ["kind", "load", "image-archive", archive, "--name", env["KIND_CLUSTER_NAME"] ?? "bookmesh"];
  }
}
