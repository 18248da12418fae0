import { join, resolve } from "node:path";

/** The root of the repository. */
export const ROOT = resolve(import.meta.dirname, "../../..");

const ARTICLE = join(ROOT, "deploy/samples/article");

/** An app that `nx serve` runs where it lives: in pods of the local cluster. */
export interface ServedApp {
  /** What to apply before it can run; none for what `install` has brought. */
  readonly manifests: readonly string[];
  readonly namespace: string;
  /** The Deployments whose pods restart when a source file is saved. */
  readonly deployments: readonly string[];
  readonly container: string;
}

/** All of them by their names. */
export const SERVED_APPS: Readonly<Record<string, ServedApp>> = {
  "book-service": {
    manifests: [join(ARTICLE, "book-service")],
    namespace: "default",
    deployments: ["book-service"],
    container: "book-service",
  },
  "rating-service": {
    manifests: [join(ARTICLE, "rating-service")],
    namespace: "default",
    deployments: ["rating-service-v1", "rating-service-v2"],
    container: "rating-service",
  },
  "control-plane": {
    manifests: [],
    namespace: "istio-system",
    deployments: ["istiod"],
    container: "discovery",
  },
};
