import { spawn } from "node:child_process";
import { once } from "node:events";
import { messageOf } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import { systemPath } from "./pod-namespace.ts";

/** Writes the rules of this network namespace, the newest alone, one writing at a time. */
export interface RulesWriter {
  /** Says that they may have changed. */
  touch(): void;
}

/** Writes the first of the texts of `rules` that the kernel takes, whenever they say something new. */
export function rulesWriter(rules: () => readonly [string, ...string[]], logger: Logger): RulesWriter {
  let written = "";
  let isWriting = false;
  let isStale = false;

  async function write(): Promise<void> {
    isWriting = true;
    while (isStale) {
      await Promise.resolve(); // what comes together is written together
      isStale = false;
      const texts = rules();
      if (texts[0] === written) continue;
      let isWritten = false;
      for (const text of texts) isWritten ||= await isTaken(text);
      if (isWritten) [written] = texts; // a text that was refused on the way will be refused again
    }
    isWriting = false;
  }

  async function isTaken(text: string): Promise<boolean> {
    try {
      await restore(text);
      return true;
    } catch (error) {
      logger.error({ reason: messageOf(error) }, "The rules of the pod network cannot be written");
      return false;
    }
  }

  return {
    touch() {
      isStale = true;
      if (!isWriting) void write();
    },
  };
}

async function restore(text: string): Promise<void> {
  const child = spawn("iptables-restore", ["-w"], {
    env: { ...process.env, PATH: systemPath() },
    stdio: ["pipe", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on("error", () => undefined); // its exit says more
  child.stdin.end(text);
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(complaint.trim());
}
