import { uninstallMesh } from "@bookmesh/installer";
import { systemClock } from "@bookmesh/node-host";
import { print, type ConsoleIo } from "../console-io.ts";
import { colors } from "../output/colors.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";
import { confirm } from "./confirm.ts";

/** The options of `bookmesh uninstall`. */
export interface UninstallCommandOptions extends ClusterOptions {
  readonly yes?: boolean;
  readonly keepCrds?: boolean;
}

/** `bookmesh uninstall`: a line for each object that is gone. */
export async function uninstall(io: ConsoleIo, options: UninstallCommandOptions): Promise<void> {
  const { client, config } = openSession(io, options);
  const what = options.keepCrds ? "the mesh" : "the mesh with its kinds and all rules";
  await confirm(io, options, `This will remove ${what} from the cluster at ${config.server}.`);
  const removed = await uninstallMesh({
    client,
    clock: systemClock,
    signal: io.signal,
    keepKinds: options.keepCrds === true,
    onRemoved: ({ kind, metadata: { name, namespace } }) => {
      print(io, `  Removed ${kind}:${namespace ?? ""}:${name}.`);
    },
  });
  print(io, removed === 0 ? "There is no mesh to remove." : `${colors(io).green("✔")} Uninstall complete`);
}
