import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { endOnUncaught } from "./end-on-uncaught.ts";

describe("endOnUncaught", () => {
  it.each([
    { event: "uncaughtException", name: "ends the pods, then the process", stop: () => Promise.resolve() },
    { event: "unhandledRejection", name: "ends the process", stop: () => Promise.resolve() },
    {
      event: "uncaughtException",
      name: "ends where the end fails too",
      stop: () => Promise.reject(new Error("stuck")),
    },
  ])("$name after $event, and tells why once", async ({ event, stop }) => {
    const told: string[] = [];
    const codes: number[] = [];
    let stops = 0;
    const exited = Promise.withResolvers<undefined>();
    const owner = Object.assign(new EventEmitter(), {
      stderr: { write: (text: string) => told.push(text) },
      exit(code: number) {
        codes.push(code);
        exited.resolve(undefined);
      },
    });
    endOnUncaught(() => {
      stops += 1;
      return stop();
    }, owner);
    owner.emit(event, new Error("a hole"));
    owner.emit(event, new Error("another"));
    await exited.promise;
    expect(told[0]).toMatch(/a hole\n\s+at /);
    expect(stops).toBe(1);
    expect(codes).toEqual([1]);
  });
});
