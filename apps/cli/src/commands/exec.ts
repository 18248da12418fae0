import { execInPod, type ExecStreams } from "@bookmesh/kube-client";
import { defaultContainer, defaultedNotice, findPod } from "../arguments/find-pod.ts";
import { warn, type ConsoleIo } from "../console-io.ts";
import { Ended, UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession } from "../session.ts";

/** The options of `bookmesh exec`. */
export interface ExecOptions extends ClusterOptions {
  readonly container?: string;
  readonly stdin?: boolean;
  readonly tty?: boolean;
}

/** `bookmesh exec POD -- COMMAND…`: ends with the exit code of the command. */
export async function exec(io: ConsoleIo, words: readonly string[], options: ExecOptions): Promise<void> {
  const [podWord, ...command] = words;
  if (podWord === undefined || command.length === 0) {
    throw new UsageError("Say where and what, as in: bookmesh exec POD -c CONTAINER -- curl localhost:8080");
  }
  const session = openSession(io, options);
  const pod = await findPod(session, podWord);
  const notice = options.container === undefined ? defaultedNotice(pod) : undefined;
  if (notice !== undefined) warn(io, notice);
  const target = {
    namespace: session.namespace,
    pod: pod.metadata.name,
    container: options.container ?? defaultContainer(pod),
    command,
  };
  const exitCode = await withTerminal(io, options, (streams) => execInPod(session.config, target, streams));
  if (exitCode === 0) return;
  warn(io, `command terminated with exit code ${exitCode}`);
  throw new Ended(exitCode);
}

/** Hands keys over one by one while a terminal is asked for and there is one. */
async function withTerminal(
  io: ConsoleIo,
  options: ExecOptions,
  run: (streams: ExecStreams) => Promise<number>,
): Promise<number> {
  const tty = options.tty === true && io.stdin.isTTY === true;
  if (options.tty && !tty)
    warn(io, "Unable to use a TTY - input is not a terminal or the right kind of file");
  if (tty) io.stdin.setRawMode?.(true);
  try {
    return await run({
      stdout: io.stdout,
      stderr: io.stderr,
      tty,
      signal: io.signal,
      ...(options.stdin && { stdin: io.stdin }),
    });
  } finally {
    if (tty) io.stdin.setRawMode?.(false);
    // What is left unread of it must not keep the command alive.
    if (options.stdin) io.stdin.destroy();
  }
}
