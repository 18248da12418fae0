import { once } from "node:events";
import type { PodRuntime } from "@bookmesh/cluster-api";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ADMIN_TOKEN, startTestServer, type TestServer } from "../test-server.contract.ts";

const POD = "/api/v1/namespaces/default/pods/p";

let api: TestServer;

/** Called when a command `wait` has heard that its client is gone. */
const abandoned = Promise.withResolvers<undefined>();

/** Echoes its input, complains about nothing in particular, and exits with the number that it is given. */
const runtime: PodRuntime = {
  logs: async ({ container, tailLines }) => {
    await Promise.resolve();
    return Readable.from([`${container} ${tailLines ?? "all"}\n`]);
  },
  async exec({ command, stdin, stdout, stderr, signal }) {
    if (command[0] === "wait") {
      await once(signal, "abort");
      abandoned.resolve(undefined);
      return { exitCode: 137 };
    }
    for await (const chunk of stdin ?? []) stdout.write(chunk);
    stderr.write("complaint");
    await new Promise((resolve) => stdout.write("!", resolve));
    return { exitCode: Number(command[1] ?? 0) };
  },
  connect: () => Promise.reject(new Error("Nobody listens.")),
};

beforeAll(async () => {
  api = await startTestServer();
  api.server.usePodRuntime(runtime);
  const spec = {
    containers: [
      { name: "c", image: "x" },
      { name: "other", image: "x" },
    ],
  };
  const body = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
  const made = await api.call("/api/v1/namespaces/default/pods", { method: "POST", body });
  expect(made.status).toBe(201);
});
afterAll(() => api.close());

function connect(query: string, { protocol = "v5.channel.k8s.io", token = ADMIN_TOKEN } = {}): WebSocket {
  return new WebSocket(`wss://127.0.0.1:${api.server.port}${POD}/exec?${query}`, [protocol], {
    ca: api.root.certPem,
    headers: { authorization: `Bearer ${token}` },
  });
}

/** What arrives on each channel until the server closes; `input` goes to channel 0. */
async function exec(
  query: string,
  { input = "", ...options }: { input?: string; protocol?: string; token?: string } = {},
) {
  const socket = connect(query, options);
  const channels = ["", "", "", ""];
  socket.on("message", (data: Buffer) => {
    const channel = data[0] ?? 0;
    channels[channel] = `${channels[channel] ?? ""}${data.subarray(1).toString("utf8")}`;
  });
  await once(socket, "open");
  if (input !== "") {
    socket.send(Buffer.concat([Buffer.of(0), Buffer.from(input)]));
    socket.send(Buffer.of(255, 0));
  }
  await once(socket, "close");
  const status: unknown = JSON.parse(channels[3] ?? "");
  return { stdout: channels[1], stderr: channels[2], status };
}

describe("exec over a WebSocket", () => {
  it("carries input, output and complaints on their channels", async () => {
    const outcome = await exec("command=cat&container=c&stdin=true&stdout=true&stderr=true", {
      input: "hello",
    });
    expect(outcome).toEqual({
      stdout: "hello!",
      stderr: "complaint",
      status: { metadata: {}, status: "Success" },
    });
  });

  it("tells the command when its client goes away", async () => {
    const socket = connect("command=wait&container=c");
    await once(socket, "open");
    socket.terminate();
    await expect(abandoned.promise).resolves.toBeUndefined();
  });

  it("ends with a message of more than 4 MiB", async () => {
    const socket = connect("command=cat&container=c&stdin=true");
    await once(socket, "open");
    socket.send(Buffer.alloc(4 * 1024 * 1024 + 1));
    expect((await once(socket, "close"))[0]).toBe(1009);
  });

  it("sends complaints with the output where a terminal is asked for", async () => {
    const { stdout, stderr } = await exec("command=x&container=c&stdout=true&tty=true");
    expect({ stdout, stderr }).toEqual({ stdout: "complaint!", stderr: "" });
  });

  it.each(["v4.channel.k8s.io", "v5.channel.k8s.io"])("tells the exit code in %s", async (protocol) => {
    const { status } = await exec("command=exit&command=3&container=c", { protocol });
    expect(status).toEqual({
      metadata: {},
      status: "Failure",
      message: "command terminated with non-zero exit code: exit status 3",
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: "3" }] },
    });
  });

  it.each([
    { name: "a wrong token", query: "command=x&container=c", options: { token: "wrong" }, status: 401 },
    { name: "an unknown container", query: "command=x&container=nope", options: {}, status: 400 },
    { name: "no container where there are two", query: "command=x", options: {}, status: 400 },
    { name: "no command", query: "container=c", options: {}, status: 400 },
    { name: "an unknown protocol", query: "command=x&container=c", options: { protocol: "v9" }, status: 400 },
  ])("refuses $name as a plain answer", async ({ query, options, status }) => {
    await expect(exec(query, options)).rejects.toThrow(`Unexpected server response: ${status}`);
  });
});

describe("logs", () => {
  it("come from the runtime, with what the query asks for", async () => {
    const answer = await api.call(`${POD}/log?container=c&tailLines=5`);
    expect(answer).toMatchObject({ status: 200, text: "c 5\n" });
  });

  it("name the containers to choose from", async () => {
    const answer = await api.call(`${POD}/log`);
    expect(answer.json).toMatchObject({
      code: 400,
      message: "a container name must be specified for pod p, choose one of: [c other]",
    });
  });
});
