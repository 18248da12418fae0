import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { processLedger, processStartTime } from "./process-ledger.ts";

/** A process that starts a guardian and a child in the ledger, prints the child's pid, and waits. */
const PARENT = `
  import { startGuardian } from "${resolve(import.meta.dirname, "guardian.ts")}";
  import { startGroup } from "${resolve(import.meta.dirname, "child-group.ts")}";
  import { processLedger } from "${resolve(import.meta.dirname, "process-ledger.ts")}";
  const ledger = processLedger(process.argv[1]);
  if (process.argv[2] === "guarded") startGuardian(ledger.directory);
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

  it("are ended by the guardian", async () => {
    const pid = await killedParent("guarded");
    await eventually(() => expect(processStartTime(pid)).toBeUndefined());
  });

  it("are ended by the next start where there was no guardian", async () => {
    const pid = await killedParent("unguarded");
    expect(processStartTime(pid)).toBeDefined();
    expect(processLedger(directory).endStrays()).toBe(1);
    await eventually(() => expect(processStartTime(pid)).toBeUndefined());
  });
});
