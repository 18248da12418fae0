import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";
import { join } from "node:path";
import { ROOT } from "../harness/platform.ts";
import type { ProofOptions, ProofResult } from "./proof.ts";

/** Prints a result, and keeps that of a full run under `docs/proofs/`. */
export function recordProof(
  name: string,
  { short, target }: ProofOptions,
  { claim, holds, figures }: ProofResult,
): void {
  const verdict = holds ? "holds" : "does not hold";
  process.stdout.write(
    `${claim}: ${verdict}\n${figures.map(([what, value]) => `  ${what}: ${value}\n`).join("")}`,
  );
  if (short) return;
  const folder = join(ROOT, "docs/proofs");
  mkdirSync(folder, { recursive: true });
  const rows = figures.map(([what, value]) => `| ${what} | ${value} |`).join("\n");
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${arch()}, Node ${process.versions.node}`;
  writeFileSync(
    join(folder, `${name}${target === "laptop" ? "" : `-${target}`}.md`),
    `# ${claim}\n\nIt ${verdict}. Command: \`npm run proof -- ${name} --target ${target}\`, ${new Date().toISOString().slice(0, 10)}, ${machine}.\n\n| figure | value |\n|---|---|\n${rows}\n`,
  );
}
