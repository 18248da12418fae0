import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { connect, createServer } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { eventually } from "@bookmesh/testkit";

/** Where a program stands on the path; `undefined` where it is not installed. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // that is the answer
  }
}

/** Pins a command: the proxies to the first core, load and backend to the second. */
export function onCore(
  role: "proxy" | "load",
  command: readonly string[],
): readonly [file: string, args: readonly string[]] {
  const taskset = availableParallelism() > 1 ? programPath("taskset") : undefined;
  const pinned = taskset ? [taskset, "-c", role === "proxy" ? "0" : "1", ...command] : command;
  const [file = "", ...args] = pinned;
  return [file, args];
}

/** A program that runs while the benchmark does. */
export interface Running {
  readonly pid: number;
  stop(): void;
}

/** Starts a program and waits until it listens at `place` (of this machine, where it has no address). */
export async function start(
  role: "proxy" | "load",
  command: readonly string[],
  place: { readonly port: number; readonly address?: string },
): Promise<Running> {
  const [file, args] = onCore(role, command);
  const child: ChildProcess = spawn(file, args, { stdio: ["ignore", "ignore", "inherit"] });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started.`);
  process.once("exit", () => child.kill("SIGTERM")); // also where another one cannot be started
  await eventually(() => reach(place));
  return { pid, stop: () => child.kill("SIGTERM") };
}

async function reach({ port, address = "127.0.0.1" }: Parameters<typeof start>[2]): Promise<void> {
  const socket = connect({ port, host: address });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  socket.destroy();
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return address.port;
}
