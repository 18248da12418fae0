import { resolve } from "node:path";

/** Where stories can run. */
export const TARGETS = ["laptop", "kubernetes", "kind"] as const;

/** One of them. */
export type Target = (typeof TARGETS)[number];

/** A platform that stories run on. */
export interface Platform {
  /** Where node ports answer. */
  readonly address: string;
  readonly kubeconfig: string;
  /** State directory of the local cluster; "" where the platform is not ours. */
  readonly home: string;
  /** Ends it; a cluster that is not ours is left as it was found. */
  stop(): Promise<void>;
}

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, "../../../..");
