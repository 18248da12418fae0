import { ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { receiveSocket } from "./receive-socket.ts";

describe("receiveSocket", () => {
  it("hears what a child said whose exit is known before its words have been read", async () => {
    const child = new ChildProcess();
    const socket = new Socket();
    const received = receiveSocket(child, "silence");
    child.emit("exit", 0, null);
    child.emit("message", {}, socket);
    child.emit("close", 0, null);
    await expect(received).resolves.toBe(socket);
  });

  it.each([
    { what: "its complaint", said: { message: "connect ECONNREFUSED" }, why: "connect ECONNREFUSED" },
    { what: "a socket that was closed on its way", said: {}, why: "The connection was closed." },
  ])("rejects with $what", async ({ said, why }) => {
    const child = new ChildProcess();
    const received = receiveSocket(child, "silence");
    child.emit("message", said, undefined);
    await expect(received).rejects.toThrow(why);
  });

  it("rejects where a child ends without a word", async () => {
    const child = new ChildProcess();
    const received = receiveSocket(child, "silence");
    child.emit("exit", 1, null);
    child.emit("close", 1, null);
    await expect(received).rejects.toThrow("silence");
  });
});
