import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processLedger } from "./process-ledger.ts";
import { processStartTime } from "./start-time.ts";

/** A process that starts a guardian and a child in the ledger, prints the child's pid, and waits. Its modes: `guarded`, `guarded by ps`, `unguarded`. */
const PARENT = `
  import { startGuardian } from "${resolve(import.meta.dirname, "guardian.ts")}";
  import { startGroup } from "${resolve(import.meta.dirname, "child-group.ts")}";
  import { processLedger } from "${resolve(import.meta.dirname, "process-ledger.ts")}";
  import { processStartTime, startTimeOfPs } from "${resolve(import.meta.dirname, "start-time.ts")}";
  const [, directory, mode] = process.argv;
  const startTimeOf = mode.endsWith("by ps") ? startTimeOfPs : processStartTime;
  const ledger = processLedger(directory, startTimeOf);
  if (mode.startsWith("guarded")) startGuardian(directory, startTimeOf);
  const argv = [process.execPath, "-e", "setInterval(() => undefined, 1000)"];
  const group = await startGroup({ argv, environment: {}, workingDirectory: "/", stdio: "ignore" }, ledger);
  console.log(group.child.pid);
`;

describe("processes of a cluster that was killed", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-ledger-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  async function killedParent(mode: string): Promise<number> {
    const parent = spawn(process.execPath, ["--input-type=module", "-e", PARENT, directory, mode], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((found) =>
      parent.stdout.once("data", (text) => found(Number(String(text)))),
    );
    parent.kill("SIGKILL");
    return pid;
  }

  it.each(["guarded", "guarded by ps"])("are ended by the guardian where they are %s", async (mode) => {
    const pid = await killedParent(mode);
    await eventually(() => expect(processStartTime(pid)).toBeUndefined());
  });

  it("are ended by the next start where there was no guardian", async () => {
    const pid = await killedParent("unguarded");
    expect(processStartTime(pid)).toBeDefined();
    expect(processLedger(directory).endStrays()).toBe(1);
    await eventually(() => expect(processStartTime(pid)).toBeUndefined());
  });
});
