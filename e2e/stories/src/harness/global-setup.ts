import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { takeCluster } from "./cluster.ts";
import { startLaptop } from "./laptop.ts";
import { ROOT, TARGETS, type Platform, type Target } from "./platform.ts";
import { run } from "./run.ts";

declare module "vitest" {
  export interface ProvidedContext {
    readonly platform: {
      readonly target: Target;
      readonly address: string;
      readonly kubeconfig: string;
      readonly home: string;
      /** The path of a real kubectl; "" where there is none. */
      readonly kubectl: string;
    };
  }
}

/** Builds what runs as pods, takes the target, hands it to the stories, and ends it after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const target = TARGETS.find((name) => name === process.env["E2E_TARGET"]) ?? "laptop";
  const platform = await start(target);
  const kubectl = await findKubectl();
  process.stdout.write(
    kubectl === ""
      ? "No kubectl from 1.31 on is on the path: the stories drive the API with bookmesh.\n"
      : `The stories drive the API with ${kubectl}.\n`,
  );
  const { address, kubeconfig, home } = platform;
  project.provide("platform", { target, address, kubeconfig, home, kubectl });
  return () => platform.stop();
}

/** How each target is had. `E2E_NODE_ADDRESS` says where node ports answer, if not at the first node's address. */
async function start(target: Target): Promise<Platform> {
  const { KUBECONFIG: kubeconfig, E2E_NODE_ADDRESS: named } = process.env;
  switch (target) {
    case "laptop":
      await buildBundles();
      return startLaptop();
    case "kubernetes":
      if (!kubeconfig) throw new Error("Name the cluster: --kubeconfig F, or KUBECONFIG.");
      return takeCluster({ kubeconfig, ...(named && { address: named }) });
    case "kind":
      return takeCluster({
        kubeconfig: kubeconfig || join(ROOT, ".bookmesh/kind.kubeconfig"),
        address: named || "127.0.0.1",
      });
  }
}

async function buildBundles(): Promise<void> {
  const { code, stderr } = await run(process.execPath, [join(ROOT, "tools/bundle.mjs")]);
  if (code !== 0) throw new Error(`The bundles could not be built:\n${stderr}`);
}

const OLDEST_KUBECTL_MINOR = 31;

async function findKubectl(): Promise<string> {
  const wanted = process.env["KUBECTL"] ?? "kubectl";
  if (wanted === "none") return "";
  const { code, stdout } = await run(wanted, ["version", "--client", "-o", "json"]);
  const minor = /"minor":\s*"(\d+)/.exec(stdout)?.[1];
  return code === 0 && Number(minor) >= OLDEST_KUBECTL_MINOR ? wanted : "";
}
