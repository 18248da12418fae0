import { join } from "node:path";
import { takeCluster } from "./cluster.ts";
import { startLaptop } from "./laptop.ts";
import { ROOT, type Platform, type Target } from "./platform.ts";
import { run } from "./run.ts";

/** Has a target; `E2E_NODE_ADDRESS` says where its node ports answer, if not at the first node's address. */
export async function startPlatform(target: Target): Promise<Platform> {
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

/** Builds what runs as pods of the local cluster. */
export async function buildBundles(): Promise<void> {
  const { code, stderr } = await run(process.execPath, [join(ROOT, "tools/bundle.mjs")]);
  if (code !== 0) throw new Error(`The bundles could not be built:\n${stderr}`);
}
