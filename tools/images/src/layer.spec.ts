import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeLayer } from "./layer.ts";

describe("writeLayer", () => {
  let folder = "";
  let root = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "layer-"));
    root = join(folder, "root");
    mkdirSync(join(root, "usr/bin"), { recursive: true });
    writeFileSync(join(root, "usr/bin/busybox"), "program", { mode: 0o755 });
    linkSync(join(root, "usr/bin/busybox"), join(root, "usr/bin/cat"));
    symlinkSync("usr/bin", join(root, "bin"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const layerAs = (name: string): ReturnType<typeof writeLayer> => writeLayer(root, join(folder, name));
  const list = (file: string): readonly string[] =>
    execFileSync("tar", ["-tvf", file, "--numeric-owner"], { encoding: "utf8", env: { TZ: "UTC" } })
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/ +/g, " "));

  it("holds files, folders and both kinds of links, owned by root", () => {
    expect(list(layerAs("a.tar").file)).toEqual([
      "lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin -> usr/bin",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/",
      "drwxr-xr-x 0/0 0 1970-01-01 00:00 usr/bin/",
      "-rwxr-xr-x 0/0 7 1970-01-01 00:00 usr/bin/busybox",
      "hrwxr-xr-x 0/0 0 1970-01-01 00:00 usr/bin/cat link to usr/bin/busybox",
    ]);
  });

  it("is the same for the same content, whenever that was written", () => {
    const first = layerAs("a.tar");
    utimesSync(join(root, "usr/bin/busybox"), 1, 1);
    expect(layerAs("b.tar").digest).toBe(first.digest);
    writeFileSync(join(root, "usr/bin/busybox"), "Program");
    expect(layerAs("c.tar").digest).not.toBe(first.digest);
  });

  it("holds paths that are longer than a name can be", () => {
    const path = ["a", "b", "c", "d", "e", "f", "g", "h"].map((letter) => letter.repeat(20)).join("/");
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, "file"), "");
    expect(list(layerAs("a.tar").file).join()).toContain("/hhhhhhhhhhhhhhhhhhhh/file");
  });
});
