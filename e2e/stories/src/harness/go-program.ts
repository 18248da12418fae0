import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Builds the service in Go for this machine; returns its path. */
export function goProgram(): string {
  const built = join(mkdtempSync(join(tmpdir(), "bookmesh-go-")), "hello");
  const source = join(import.meta.dirname, "../programs/hello.go");
  execFileSync("go", ["build", "-o", built, source], { env: { ...process.env, CGO_ENABLED: "0" } });
  return built;
}
