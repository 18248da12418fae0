import type { TestProject } from "vitest/node";
import { TARGETS, type Target } from "./platform.ts";
import { run } from "./run.ts";
import { startPlatform } from "./start-platform.ts";

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

/** Has the target, hands it to the stories, and ends it after them. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const target = TARGETS.find((name) => name === process.env["E2E_TARGET"]) ?? "laptop";
  const platform = await startPlatform(target);
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

const OLDEST_KUBECTL_MINOR = 31;

async function findKubectl(): Promise<string> {
  const wanted = process.env["KUBECTL"] ?? "kubectl";
  if (wanted === "none") return "";
  const { code, stdout } = await run(wanted, ["version", "--client", "-o", "json"]);
  const minor = /"minor":\s*"(\d+)/.exec(stdout)?.[1];
  return code === 0 && Number(minor) >= OLDEST_KUBECTL_MINOR ? wanted : "";
}
