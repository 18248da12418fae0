import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { execInPod } from "./exec-in-pod.ts";
import { execOutput } from "./exec-output.ts";
import { fakeApiServer, type Answers, type FakeApiServer } from "./testing/fake-api-server.ts";
import { Writable } from "node:stream";

const opened: FakeApiServer[] = [];

async function serve(answers: Answers): Promise<FakeApiServer> {
  const server = await fakeApiServer(answers);
  opened.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()));
});

const TARGET = { namespace: "n", pod: "p", container: "c", command: ["curl", "a b"] } as const;

function frame(channel: number, text: string): Buffer {
  return Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
}

function exitStatus(code: number): string {
  return JSON.stringify({
    status: "Failure",
    reason: "NonZeroExitCode",
    details: { causes: [{ reason: "ExitCode", message: String(code) }] },
  });
}

describe("execInPod", () => {
  it("keeps both outputs apart and resolves with the exit code", async () => {
    const { config } = await serve({
      exec: (socket, request) => {
        socket.send(frame(1, request.url ?? ""));
        socket.send(frame(2, "oh"));
        socket.send(frame(3, exitStatus(7)));
        socket.close();
      },
    });
    expect(await execOutput(config, TARGET)).toEqual({
      exitCode: 7,
      stdout:
        "/api/v1/namespaces/n/pods/p/exec?command=curl&command=a+b&container=c&stdin=false&stdout=true&stderr=true&tty=false",
      stderr: "oh",
    });
  });

  it("hands standard input over, and its end", async () => {
    const { config } = await serve({
      exec: (socket) => {
        const received: string[] = [];
        socket.on("message", (data: Buffer) => {
          if (data[0] === 0) received.push(data.subarray(1).toString());
          if (data[0] !== 255) return;
          socket.send(frame(1, received.join("")));
          socket.send(frame(3, JSON.stringify({ status: "Success" })));
          socket.close();
        });
      },
    });
    const written: string[] = [];
    const stdout = new Writable({
      write(chunk: Buffer, _encoding, done) {
        written.push(chunk.toString());
        done();
      },
    });
    const exitCode = await execInPod(config, TARGET, {
      stdin: Readable.from(["one ", "two"]),
      stdout,
      stderr: stdout,
    });
    expect([exitCode, ...written]).toEqual([0, "one two"]);
  });

  it("says so when the connection ends before the command", async () => {
    const { config } = await serve({ exec: (socket) => socket.close() });
    await expect(execOutput(config, TARGET)).rejects.toThrow("The connection ended before the command did.");
  });

  it("names a server that is not there", async () => {
    const config = { server: "https://127.0.0.1:1", credentials: {} };
    await expect(execOutput(config, TARGET)).rejects.toThrow(
      "The API server at https://127.0.0.1:1 cannot be reached",
    );
  });
});
