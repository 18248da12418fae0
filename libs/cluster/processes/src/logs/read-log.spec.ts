import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { containerLog, type ContainerLog } from "./container-log.ts";
import { readLog } from "./read-log.ts";

const MEBIBYTE = 1024 * 1024;

describe("readLog", () => {
  let directory: string;
  let log: ContainerLog;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "bookmesh-read-log-"));
    log = containerLog(join(directory, "0.log"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const { signal } = new AbortController();
  const fill = (bytes: number) => {
    const line = Buffer.from(`${"x".repeat(1023)}\n`);
    for (let written = 0; written < bytes; written += line.length) log.write("stdout", line);
  };

  it("reads all that is stored, however much it is", async () => {
    fill(6 * MEBIBYTE);
    expect(await length(readLog({ file: log.file, timestamps: false, signal }))).toBe(6 * MEBIBYTE);
  });

  it("cuts off a follower that does not read", async () => {
    const output = readLog({ file: log.file, timestamps: false, signal, follow: log });
    fill(6 * MEBIBYTE);
    const read = await length(output);
    expect(read).toBeGreaterThan(4 * MEBIBYTE);
    expect(read).toBeLessThan(5 * MEBIBYTE);
  });

  async function length(output: AsyncIterable<unknown>): Promise<number> {
    let bytes = 0;
    for await (const chunk of output) if (Buffer.isBuffer(chunk)) bytes += chunk.length;
    return bytes;
  }
});
