import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { containerLog, rotatedFile } from "./container-log.ts";

describe("containerLog", () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-log-"));
    file = join(directory, "0.log");
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const entries = () =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => line.slice(line.indexOf(" ") + 1));

  it("writes whole lines of each stream, whatever the chunks are", () => {
    const log = containerLog(file);
    log.write("stdout", Buffer.from("one\ntw"));
    log.write("stderr", Buffer.from("bad\n"));
    log.write("stdout", Buffer.from("o\nthree"));
    log.end();
    expect(entries()).toEqual(["stdout F one", "stderr F bad", "stdout F two", "stdout F three"]);
  });

  it("tells a follower of lines that come when the directory is gone", () => {
    const log = containerLog(file);
    const heard: string[] = [];
    log.subscribe((line) => heard.push(line));
    rmSync(directory, { recursive: true });
    log.write("stdout", Buffer.from("last words\n"));
    log.end();
    expect(heard).toEqual([expect.stringContaining("last words")]);
  });

  it("writes a very long line in parts", () => {
    const log = containerLog(file);
    log.write("stdout", Buffer.from("x".repeat(20_000)));
    log.write("stdout", Buffer.from("y\n"));
    expect(entries().map((entry) => [entry.slice(0, 8), entry.length])).toEqual([
      ["stdout P", 16_384 + 9],
      ["stdout F", 3_617 + 9],
    ]);
  });

  it("begins a new file when one is full, and keeps one old one", () => {
    const log = containerLog(file);
    const line = Buffer.from(`${"x".repeat(16_000)}\n`);
    for (let lines = 0; lines < 1500; lines += 1) log.write("stdout", line);
    expect(statSync(file).size).toBeLessThan(10.1 * 1024 * 1024);
    expect(statSync(rotatedFile(file)).size).toBeLessThan(10.1 * 1024 * 1024);
  });
});
