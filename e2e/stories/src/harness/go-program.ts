import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Builds a program in Go for this machine: a file of `folder`, or "." for the module there. Returns its path. */
export function goProgram(folder: string, source: string): string {
  const built = join(mkdtempSync(join(tmpdir(), "bookmesh-go-")), "program");
  execFileSync("go", ["build", "-o", built, source], {
    cwd: folder,
    env: { ...process.env, CGO_ENABLED: "0" },
  });
  return built;
}
