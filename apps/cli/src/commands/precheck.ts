import { precheck as checkCluster } from "@bookmesh/installer";
import { print, type ConsoleIo } from "../console-io.ts";
import { Ended, EXIT } from "../failures.ts";
import { colors } from "../output/colors.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";

/** `bookmesh x precheck`: what the cluster says of itself, and what stands in the way of an installation. */
export async function precheck(io: ConsoleIo, options: ClusterOptions): Promise<void> {
  const findings = await checkCluster(openSession(io, options).client);
  const errors = findings.filter(({ level }) => level === "error");
  for (const { level, sentence } of findings) {
    print(io, level === "info" ? `Info: ${sentence}` : `${colors(io).red("✘")} Error: ${sentence}`);
  }
  if (errors.length > 0) throw new Ended(EXIT.failure);
  print(
    io,
    `${colors(io).green("✔")} No issues found when checking the cluster. The mesh is safe to install or upgrade!`,
  );
}
