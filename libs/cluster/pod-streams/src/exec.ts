import { ApiError, badRequest, internalError, type ObjectKey } from "@bookmesh/cluster-api";
import { messageOf } from "@bookmesh/kernel";
import type { WebSocket } from "ws";
import { openChannels } from "./channels.ts";
import { containerOf, runtimeOf, type PodHost, type StreamRequest } from "./pod-target.ts";

/** How the streams of a command share a WebSocket, newest first. */
export const EXEC_PROTOCOLS: readonly string[] = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

/** A command that is to run beside a container. */
interface Command {
  readonly pod: ObjectKey;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** Runs a command beside a container of a pod. */
export function prepareCommand(
  host: PodHost,
  { pod, object, query }: StreamRequest,
): (client: WebSocket) => Promise<void> {
  const command = query.getAll("command");
  if (command.length === 0) throw badRequest("you must specify a command for the container");
  runtimeOf(host);
  const container = containerOf(object, query.get("container") ?? "");
  const wanted = { pod, container, command, stdin: isTrue(query, "stdin"), tty: isTrue(query, "tty") };
  return (client) => run(host, client, wanted);
}

async function run(host: PodHost, client: WebSocket, { stdin, ...command }: Command): Promise<void> {
  const gone = new AbortController();
  client.on("close", () => gone.abort(new Error("The client went away.")));
  const channels = openChannels(client);
  try {
    const { exitCode } = await runtimeOf(host).exec({
      ...command,
      ...(stdin ? { stdin: channels.stdin } : {}),
      stdout: channels.stdout,
      // A terminal has one output, and its clients know no second.
      stderr: command.tty ? channels.stdout : channels.stderr,
      signal: gone.signal,
    });
    channels.finish(exitCode === 0 ? { metadata: {}, status: "Success" } : failure(exitCode));
  } catch (error) {
    const { status } = error instanceof ApiError ? error : internalError(messageOf(error));
    channels.finish(status);
  }
}

/** How `kubectl exec` learns the exit code of its command. */
function failure(exitCode: number): object {
  return {
    metadata: {},
    status: "Failure",
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(exitCode) }] },
  };
}

function isTrue(query: URLSearchParams, name: string): boolean {
  return query.get(name) === "true" || query.get(name) === "1";
}
