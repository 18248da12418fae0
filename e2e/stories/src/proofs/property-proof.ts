import { join } from "node:path";
import { ROOT } from "../harness/platform.ts";
import { run } from "../harness/run.ts";
import type { Proof } from "./proof.ts";

const TIMEOUT_MS = 3_600_000;

/** Tries the properties of a folder's specs far more often than an ordinary run does, from a seed of this moment. */
export function propertyProof(
  claim: string,
  folder: string,
  { runs, shortRuns }: { readonly runs: number; readonly shortRuns: number },
): Proof {
  return async ({ short }) => {
    const seed = Date.now() % 2 ** 31;
    const count = short ? shortRuns : runs;
    const startedAtMs = performance.now();
    const { code, stdout, stderr } = await run(join(ROOT, "node_modules/.bin/vitest"), ["run", folder], {
      cwd: ROOT,
      env: { ...process.env, PROPERTY_RUNS: String(count), PROPERTY_SEED: String(seed) },
      timeoutMs: TIMEOUT_MS,
    });
    if (code !== 0) process.stderr.write(`${stdout}${stderr}`);
    const seconds = Math.round((performance.now() - startedAtMs) / 1_000);
    const figures = [
      ["cases of each property", count],
      ["seed", seed],
      ["seconds", seconds],
    ] as const;
    return { claim, holds: code === 0, figures };
  };
}
