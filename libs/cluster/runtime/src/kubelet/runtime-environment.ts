import { delimiter } from "node:path";
import type { Pod } from "@bookmesh/kube-api";

/** What a pod's processes are told about the machine. */
export interface ClusterFacts {
  /** The directory of the Node that runs this cluster: `node` means the same in every container. */
  readonly nodeDirectory: string;
  /** The programs that `exec` finds when the machine has none of that name. */
  readonly binDirectory: string;
}

/** What a process needs of the host's environment to run at all. */
const INHERITED = ["HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER"] as const;

/** The variables that every container gets before those of its network and its own. */
export function runtimeEnvironment(pod: Pod, facts: ClusterFacts): Readonly<Record<string, string>> {
  return {
    ...inherited(process.env),
    PATH: [facts.nodeDirectory, process.env["PATH"] ?? "/usr/bin:/bin", facts.binDirectory].join(delimiter),
    HOSTNAME: pod.metadata.name,
  };
}

function inherited(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
