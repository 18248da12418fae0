import { createInterface } from "node:readline/promises";
import { installWithSettings, uninstallMesh } from "@bookmesh/installer";
import { systemClock } from "@bookmesh/node-host";
import { print, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT } from "../failures.ts";
import { colors } from "../output/colors.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";

/** The options of `bookmesh install`. */
export interface InstallCommandOptions extends ClusterOptions {
  readonly set: readonly string[];
  readonly yes?: boolean;
}

/** `bookmesh install`: a line for each component that is really there and ready. */
export async function install(io: ConsoleIo, options: InstallCommandOptions): Promise<void> {
  const { client, config } = openSession(io, options);
  await confirm(io, options, `This will install the mesh into the cluster at ${config.server}.`);
  const tick = (text: string) => print(io, `${colors(io).green("✔")} ${text}`);
  await installWithSettings({
    client,
    clock: systemClock,
    signal: io.signal,
    settings: options.set,
    onProgress: (component, state) => {
      if (state === "installed") tick(`${component} installed`);
      else if (io.stdout.isTTY) io.stdout.write(`- Processing resources for ${component}.\r`);
    },
  });
  tick("Installation complete");
}

/** `bookmesh uninstall`: the rules of the mesh, and its root, stay unless they are purged. */
export async function uninstall(
  io: ConsoleIo,
  options: ClusterOptions & { readonly yes?: boolean; readonly purge?: boolean },
): Promise<void> {
  const { client, config } = openSession(io, options);
  await confirm(io, options, `This will remove the mesh from the cluster at ${config.server}.`);
  const removed = await uninstallMesh({
    client,
    purge: options.purge === true,
    onRemoved: ({ kind, metadata: { name, namespace } }) => {
      print(io, `  Removed ${kind}:${namespace ?? ""}:${name}.`);
    },
  });
  print(io, removed === 0 ? "There is no mesh to remove." : `${colors(io).green("✔")} Uninstall complete`);
}

/** Asks a person; a script has meant what it wrote. */
async function confirm(io: ConsoleIo, options: { readonly yes?: boolean }, sentence: string): Promise<void> {
  if (options.yes || !io.stdin.isTTY || !io.stdout.isTTY) return;
  const dialogue = createInterface({ input: io.stdin, output: io.stdout });
  const answer = await dialogue.question(`${sentence} Proceed? (y/N) `);
  dialogue.close();
  if (!/^y(es)?$/i.test(answer.trim())) {
    print(io, "Cancelled.");
    throw new Ended(EXIT.failure);
  }
}
