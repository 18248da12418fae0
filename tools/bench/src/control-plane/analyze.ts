import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { median } from "../median.ts";
import { programPath } from "../programs.ts";
import { ruledMesh } from "./ruled-mesh.ts";

/** CPU of one analysis of files, in milliseconds; istioctl's where this machine has it. */
export interface AnalysisFigures {
  readonly bookmesh: number;
  readonly istioctl?: number;
}

const RUNS = 5;

/** Lets both commands analyze a mesh's documents, in turn. */
export function compareAnalysis(folder: string, services: number): AnalysisFigures {
  const documents = writeDocuments(join(folder, "documents"), services);
  const bundler = new URL("../../../bundle.mjs", import.meta.url).pathname;
  execFileSync(process.execPath, [bundler, "--outdir", join(folder, "command"), "cli"], { stdio: "inherit" });
  const istioctl = programPath("istioctl");
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const options = ["analyze", "--use-kube=false", "-A", ...documents];
    ours.push(cpuMs([process.execPath, join(folder, "command/cli.mjs"), ...options]));
    if (istioctl !== undefined) theirs.push(cpuMs([istioctl, ...options]));
  }
  const istioctlMs = median(theirs);
  return { bookmesh: median(ours) ?? Number.NaN, ...(istioctlMs !== undefined && { istioctl: istioctlMs }) };
}

/** A file for each kind and namespace. */
function writeDocuments(folder: string, services: number): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const files = Map.groupBy(ruledMesh(services), ({ object: { kind, metadata } }) =>
    join(folder, `${kind}-${metadata.namespace ?? "all"}.yaml`),
  );
  for (const [file, placed] of files)
    writeFileSync(file, placed.map(({ object }) => stringify(object)).join("---\n"));
  return [...files.keys()];
}

/** The shell's last line says what its children used: `0m1.09s 0m0.18s`. What a command finds is no failure here. */
function cpuMs(command: readonly string[]): number {
  const script = '"$@" >/dev/null 2>&1; times';
  const text = execFileSync("sh", ["-c", script, "sh", ...command], { encoding: "utf8" });
  const words = [...(text.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return words.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  );
}
