import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startLaptop } from "@bookmesh/stories/laptop";
import { run } from "@bookmesh/stories/run";
import { buildBundles } from "@bookmesh/stories/start-platform";
import type { Provided, Tool } from "./comparison.ts";
import { provideTools } from "./provide-tools.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly kubeconfigs: Kubeconfigs;
    readonly tools: Readonly<Record<Tool, Provided>>;
  }
}

/** How to reach each of the two clusters. */
export interface Kubeconfigs {
  readonly ours: string;
  readonly real: string;
}

/** The image of the cases' pods: on a real cluster one with Node and a shell, on ours this machine's own. */
const IMAGE_MAP = `images:
  - image: "bookmesh/base-node:*"
    command: ["{node}"]
    bin:
      node: ["{node}"]
`;

/** A mesh gives every namespace a ConfigMap more, and judges what is applied: it would be compared, not the clusters. */
async function refuseMesh(): Promise<void> {
  const { code } = await run(process.env["KUBECTL"] ?? "kubectl", ["get", "namespace", "istio-system"]);
  if (code === 0)
    throw new Error(
      "The cluster to compare with has a mesh: take it away, or name another with --kubeconfig.",
    );
}

/** Starts our cluster beside the real one, and ends it after the cases. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const real = process.env["KUBECONFIG"];
  if (!real) throw new Error("Name the cluster to compare with: KUBECONFIG.");
  await refuseMesh();
  await buildBundles();
  const laptop = await startLaptop();
  writeFileSync(join(laptop.home, "image-map.yml"), IMAGE_MAP);
  project.provide("kubeconfigs", { ours: laptop.kubeconfig, real });
  const { tools, stop } = await provideTools(real);
  project.provide("tools", tools);
  return async () => {
    stop();
    await laptop.stop();
  };
}
