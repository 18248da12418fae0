import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { fileAccessLog } from "./file-access-log.ts";

describe("fileAccessLog", () => {
  it("keeps every line whole and in order, short or longer than what it gathers", async () => {
    const stream = new PassThrough({ highWaterMark: 1024 * 1024 });
    const log = fileAccessLog(stream);
    const lines = Array.from({ length: 300 }, (_, index) => `${index}${"e".repeat(index % 50)}`);
    lines.splice(150, 0, "long".repeat(20_000));
    const reused = Buffer.alloc(100_000);
    for (const line of lines) log.write(reused.subarray(0, reused.write(`${line}\n`)));
    await log.close();
    expect(String(stream.read()).trimEnd().split("\n")).toEqual(lines);
    expect(log.dropped).toBe(0);
  });
});
