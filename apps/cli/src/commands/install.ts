import { ISTIOD, MESH_NAMESPACE } from "@bookmesh/install";
import { installWithSettings, readOperatorSettings } from "@bookmesh/installer";
import { RESOURCES } from "@bookmesh/kube-api";
import { systemClock } from "@bookmesh/node-host";
import { print, type ConsoleIo } from "../console-io.ts";
import { colors } from "../output/colors.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";
import { confirm } from "./confirm.ts";

/** What the mesh shall be: files, and settings that win over them. */
export interface ChoiceOptions {
  readonly set: readonly string[];
  readonly filename: readonly string[];
}

/** The options of `bookmesh install` and `upgrade`. */
export interface InstallCommandOptions extends ClusterOptions, ChoiceOptions {
  readonly yes?: boolean;
}

/** `bookmesh install`: a line for each component that is really there and ready. */
export async function install(io: ConsoleIo, options: InstallCommandOptions): Promise<void> {
  const session = openSession(io, options);
  await confirm(io, options, `This will install the mesh into the cluster at ${session.config.server}.`);
  await bringTo(session, options);
  print(io, `${tick(io)} Installation complete`);
}

/** `bookmesh upgrade`: the same for a mesh that is there. */
export async function upgrade(io: ConsoleIo, options: InstallCommandOptions): Promise<void> {
  const session = openSession(io, options);
  const key = { namespace: MESH_NAMESPACE, name: ISTIOD };
  if (!(await session.client.get(RESOURCES.deployments, key))) {
    throw new Error('There is no mesh to upgrade; install one with "bookmesh install".');
  }
  await confirm(io, options, `This will upgrade the mesh in the cluster at ${session.config.server}.`);
  await bringTo(session, options);
  print(io, `${tick(io)} Upgrade complete`);
}

/** All settings of a command line, those that win last. */
export function settingsOf({ filename, set }: ChoiceOptions): readonly string[] {
  return [...filename.flatMap(readOperatorSettings), ...set];
}

async function bringTo({ io, client }: Session, options: ChoiceOptions): Promise<void> {
  await installWithSettings({
    client,
    clock: systemClock,
    signal: io.signal,
    settings: settingsOf(options),
    onProgress: (component, state) => {
      if (state === "installed") print(io, `${tick(io)} ${component} installed`);
      else if (io.stdout.isTTY) io.stdout.write(`- Processing resources for ${component}.\r`);
    },
  });
}

function tick(io: ConsoleIo): string {
  return colors(io).green("✔");
}
