import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { messageOf } from "@bookmesh/kernel";
import { WebSocketServer, type WebSocket } from "ws";
import { ApiError, badRequest, internalError, noSuchResource, tooManyRequests } from "../api-error.ts";
import { authenticate, splitUrl } from "../http/handle-request.ts";
import { parseRoute } from "../http/route.ts";
import type { Serving } from "../http/serving.ts";
import type { ObjectKey } from "../resource-access.ts";
import { readObject } from "../registry/registry.ts";
import { openChannels } from "./channels.ts";
import { containerOf, runtimeOf } from "./pod-target.ts";
import { refuseUpgrade } from "./refuse-upgrade.ts";

/** Newest first: the first that the client offers is taken. */
const PROTOCOLS = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** A client that has vanished while its input waits is found by asking it. */
const PING_INTERVAL_MS = 30_000;
/** How many commands may run at once. */
const MAX_STREAMS = 500;

/** An upgrade as the server hears of it. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** A command that is to run beside a container. */
interface Command {
  readonly pod: ObjectKey;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
}

/** Makes the handler of upgrades: `exec` over WebSockets; everything else is refused as a plain answer. */
export function upgradeHandler(serving: Serving, closing: AbortSignal): (upgrade: Upgrade) => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => PROTOCOLS.find((protocol) => offered.has(protocol)) ?? false,
  });
  closing.addEventListener("abort", () => sockets.clients.forEach((client) => client.terminate()));
  return ({ request, socket, head }) => {
    socket.on("error", () => socket.destroy()); // the client went away
    try {
      if (sockets.clients.size >= MAX_STREAMS) throw tooManyRequests("too many commands are running", 1);
      const command = readCommand(serving, request);
      sockets.handleUpgrade(request, socket, head, (client) => void run(serving, client, command));
    } catch (error) {
      refuseUpgrade(socket, error);
    }
  };
}

function readCommand(serving: Serving, request: IncomingMessage): Command {
  authenticate(serving, request);
  const { path, query } = splitUrl(request.url ?? "/");
  const route = parseRoute(path);
  if (route?.type !== "resource" || route.plural !== "pods" || route.subresource !== "exec")
    throw noSuchResource();
  const { catalog } = serving.registry;
  const kind = catalog.find(route.group, route.version, route.plural);
  if (kind === undefined || route.name === undefined || route.namespace === undefined) throw noSuchResource();
  const pod = { namespace: route.namespace, name: route.name };
  const object = readObject(serving.registry, kind, pod);
  const command = query.getAll("command");
  if (command.length === 0) throw badRequest("you must specify a command for the container");
  runtimeOf(serving);
  const container = containerOf(object, query.get("container") ?? "");
  checkProtocol(request);
  return { pod, container, command, stdin: isTrue(query, "stdin"), tty: isTrue(query, "tty") };
}

/** Comes last: a client that falls back to SPDY still hears what else is wrong. */
function checkProtocol(request: IncomingMessage): void {
  if (request.headers.upgrade?.toLowerCase() !== "websocket") {
    throw badRequest("only WebSocket upgrades are served here: use a client that speaks v5.channel.k8s.io");
  }
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim());
  if (!offered.some((each) => PROTOCOLS.includes(each))) {
    throw badRequest(`the client must offer one of the protocols ${PROTOCOLS.join(", ")}`);
  }
}

async function run(serving: Serving, client: WebSocket, { stdin, ...command }: Command): Promise<void> {
  const gone = new AbortController();
  const pings = setInterval(() => client.ping(), PING_INTERVAL_MS);
  client.on("close", () => {
    clearInterval(pings);
    gone.abort(new Error("The client went away."));
  });
  client.on("error", () => client.terminate());
  const channels = openChannels(client);
  try {
    const { exitCode } = await runtimeOf(serving).exec({
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
