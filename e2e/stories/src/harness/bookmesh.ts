import { join } from "node:path";
import { ROOT, type Platform } from "./platform.ts";
import { run, type Outcome } from "./run.ts";

/** Runs our command on a platform and returns how it ended. */
export function runBookmesh(
  { kubeconfig, home }: Pick<Platform, "kubeconfig" | "home">,
  args: readonly string[],
  input?: string,
): Promise<Outcome> {
  const env = { ...process.env, KUBECONFIG: kubeconfig, BOOKMESH_HOME: home };
  return run(process.execPath, [join(ROOT, "apps/cli/bin/bookmesh.mjs"), ...args], {
    env,
    ...(input !== undefined && { input }),
  });
}

/** The same, where it must succeed; returns what it printed. */
export async function bookmeshOn(
  platform: Pick<Platform, "kubeconfig" | "home">,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const { code, stdout, stderr } = await runBookmesh(platform, args, input);
  if (code !== 0) throw new Error(`bookmesh ${args.join(" ")} failed with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
