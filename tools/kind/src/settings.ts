import { resolve } from "node:path";

/** The kind cluster that is brought up, used and taken down. */
export interface KindSettings {
  /** `KIND_CLUSTER_NAME`. */
  readonly name: string;
  /** `KIND_NODE_IMAGE`; kind's own for its version where unset. */
  readonly nodeImage?: string;
  /** `KIND_CONFIG`: a configuration laid over `deploy/kind/kind.yml`. */
  readonly config?: string;
  /** `KIND_AFTER_CREATE`: manifests that a node image of one's own needs, with commas between them. */
  readonly afterCreate: readonly string[];
  /** `KIND_EXPERIMENTAL_PROVIDER`, which kind itself reads too. */
  readonly provider?: string;
  /** Where the kubeconfig is written. */
  readonly kubeconfig: string;
}

/** Reads the environment's variables of kind. */
export function kindSettings(env: NodeJS.ProcessEnv, project: string): KindSettings {
  const nodeImage = env["KIND_NODE_IMAGE"];
  const config = env["KIND_CONFIG"];
  const provider = env["KIND_EXPERIMENTAL_PROVIDER"];
  const manifests = (env["KIND_AFTER_CREATE"] ?? "").split(",").filter((file) => file !== "");
  return {
    name: env["KIND_CLUSTER_NAME"] ?? "bookmesh",
    ...(nodeImage !== undefined && { nodeImage }),
    ...(config !== undefined && { config: resolve(config) }),
    ...(provider !== undefined && { provider }),
    afterCreate: manifests.map((file) => resolve(file)),
    kubeconfig: resolve(project, ".bookmesh/kind.kubeconfig"),
  };
}
