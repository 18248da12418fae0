import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus } from "node:os";
import { join } from "node:path";
import { ROOT } from "../harness/platform.ts";
import type { ProofOptions, ProofResult } from "./proof.ts";

/** Prints what a run found. */
export function printProof({ claim, holds, figures }: ProofResult): void {
  const lines = figures.map(([what, value]) => `  ${what}: ${value}\n`);
  process.stdout.write(`${claim}: ${holds ? "holds" : "does not hold"}\n${lines.join("")}`);
}

/** Keeps what full runs of a proof found under `docs/proofs/`: a column each. */
export function recordProof(name: string, { target }: ProofOptions, runs: readonly ProofResult[]): void {
  const [first] = runs;
  if (first === undefined) return;
  const folder = join(ROOT, "docs/proofs");
  mkdirSync(folder, { recursive: true });
  const times = runs.length === 1 ? "" : ` --runs ${runs.length}`;
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${arch()}, Node ${process.versions.node}`;
  const head = ["figure", ...(runs.length === 1 ? ["value"] : runs.map((_, index) => `run ${index + 1}`))];
  const rows = first.figures.map(([what], at) => [
    what,
    ...runs.map(({ figures }) => figures[at]?.[1] ?? ""),
  ]);
  const row = (cells: readonly unknown[]) => `| ${cells.join(" | ")} |\n`;
  writeFileSync(
    join(folder, `${name}${target === "laptop" ? "" : `-${target}`}.md`),
    `# ${first.claim}

It ${runs.every(({ holds }) => holds) ? "holds" : "does not hold"}. Command: \`npm run proof -- ${name} --target ${target}${times}\`, ${new Date().toISOString().slice(0, 10)}, ${machine}.

${row(head)}|${"---|".repeat(head.length)}
${rows.map(row).join("")}`,
  );
}
