import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { containerRootScript } from "./container-root.ts";

const AS_ROOT = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];

function unshared(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync("unshare", [...AS_ROOT, "--mount", ...words], {
    encoding: "utf8",
  });
  return { status, output: `${stdout}${stderr}` };
}

const canMount = unshared("mount", "-t", "tmpfs", "bookmesh", "/tmp").status === 0;

describe.skipIf(!canMount)("a container's root (with mount namespaces)", () => {
  let home: string;
  const file = (name: string) => join(home, name);

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "bookmesh-root-"));
    mkdirSync(file("volume"));
    writeFileSync(file("volume/key"), "value\n");
    writeFileSync(file("hosts"), "10.244.0.2 me\n");
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const run = (mountPath: string, shell: string, workingDirectory = "/") => {
    const mounts = [
      { source: file("hosts"), mountPath: "/etc/hosts" },
      { source: file("volume"), mountPath },
    ];
    const script = containerRootScript({ directory: file("root"), mounts, workingDirectory });
    return unshared("/bin/sh", "-c", script, "sh", "/bin/sh", "-c", shell);
  };

  it.each([
    "/bookmesh-test",
    "/bookmesh-test/deep",
    "/etc/bookmesh-test",
    "/var/run/bookmesh-test/x",
    "/tmp",
  ])("has a volume at %s, and leaves the machine alone", (mountPath) => {
    const { status, output } = run(mountPath, `cat ${mountPath}/key /etc/hosts && test -e /etc/passwd`);
    expect({ status, output }).toEqual({ status: 0, output: "value\n10.244.0.2 me\n" });
    expect(mountPath === "/tmp" || !existsSync(mountPath)).toBe(true);
  });

  it("lets a program write to its volume, and begins in its directory", () => {
    expect(run("/bookmesh-test", "echo more >new; pwd", "/bookmesh-test")).toEqual({
      status: 0,
      output: "/bookmesh-test\n",
    });
    expect(existsSync(file("volume/new"))).toBe(true);
  });

  it("answers as a shell does for a program that does not exist", () => {
    const script = containerRootScript({ directory: file("root"), mounts: [], workingDirectory: "/" });
    expect(unshared("/bin/sh", "-c", script, "sh", "no-such-program").status).toBe(127);
  });
});
