import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type AddressInfo, type Server } from "node:net";
import { jsonLogger } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openForwardProxy, splitAuthority } from "./forward-proxy.ts";
import type { Target } from "../target.ts";

const PROXY = { address: "127.252.9.9", port: 15008 };

describe("openForwardProxy", () => {
  let upstream: Server;
  let close: () => void;
  let targets: readonly Target[];

  beforeEach(async () => {
    upstream = createHttpServer((incoming, response) => {
      const { method = "", url = "", headers } = incoming;
      response.setHeader(
        "x-seen",
        [method, url, headers.host, headers["x-mine"] ?? "", incoming.socket.remoteAddress].join(" "),
      );
      incoming.pipe(response);
    });
    await new Promise<void>((done) => upstream.listen(0, "127.0.0.1", done));
    const { port } = upstream.address() as AddressInfo; // a listening TCP server has one
    targets = [{ host: "127.0.0.1", port }];
    const resolve = (host: string) => (host === "rating" ? targets : []);
    close = openForwardProxy({
      ...PROXY,
      localAddress: "127.124.9.9",
      resolve,
      logger: jsonLogger("proxy-spec"),
    });
    await eventually(() => get("http://rating/ready"));
  });
  afterEach(() => {
    close();
    upstream.close();
  });

  function get(
    path: string,
    body = "",
  ): Promise<{ readonly status: number | undefined; readonly seen: unknown; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const headers = { "x-mine": "kept", "proxy-connection": "keep-alive" };
      const sent = request(
        { host: PROXY.address, port: PROXY.port, method: "POST", path, headers, agent: false },
        (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => (text += chunk.toString()));
          response.on("end", () =>
            resolve({ status: response.statusCode, seen: response.headers["x-seen"], text }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
  }

  it("answers 502 for a status that cannot be passed on", async () => {
    const odd = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      socket.end("HTTP/1.1 099 Odd\r\ncontent-length: 0\r\n\r\n");
    });
    await new Promise<void>((done) => odd.listen(0, "127.0.0.1", done));
    targets = [{ host: "127.0.0.1", port: (odd.address() as AddressInfo).port }]; // a listening TCP server has one
    expect(await get("http://rating/rate/1")).toMatchObject({ status: 502 });
    odd.close();
  });

  it("passes on a request in absolute form, from the pod's address", async () => {
    expect(await get("http://rating/rate/1?a=b", "body")).toEqual({
      status: 200,
      seen: "POST /rate/1?a=b rating kept 127.124.9.9",
      text: "body",
    });
  });

  it.each([
    {
      name: "an unknown host",
      path: "http://nobody/",
      status: 502,
      text: "nobody cannot be reached: There is no ready endpoint.\n",
    },
    {
      name: "a path alone",
      path: "/rate/1",
      status: 400,
      text: "This proxy takes absolute http URLs and CONNECT.\n",
    },
  ])("answers $status for $name", async ({ path, status, text }) => {
    expect(await get(path)).toMatchObject({ status, text });
  });

  it("tries another endpoint where one refuses", async () => {
    targets = [{ host: "127.0.0.1", port: 1 }, ...targets];
    expect((await get("http://rating/")).status).toBe(200);
  });

  it("carries a tunnel whose halves end one after the other", async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => {
      const chunks: Buffer[] = [];
      socket.on("data", (chunk) => chunks.push(chunk));
      socket.on("end", () => socket.end(Buffer.concat(chunks))); // answers only after the other side's end
    });
    await new Promise<void>((done) => echo.listen(0, "127.0.0.1", done));
    targets = [{ host: "127.0.0.1", port: (echo.address() as AddressInfo).port }]; // see above
    const client = connect({ host: PROXY.address, port: PROXY.port, allowHalfOpen: true });
    let text = "";
    client.on("data", (chunk) => (text += chunk.toString()));
    client.write("CONNECT rating:80 HTTP/1.1\r\nhost: rating:80\r\n\r\n");
    await eventually(() => expect(text).toContain("200 Connection Established\r\n\r\n"));
    client.end("hello");
    await eventually(() => expect(text).toMatch(/hello$/));
    echo.close();
  });
});

describe("splitAuthority", () => {
  it.each([
    { authority: "rating:80", host: "rating", port: 80 },
    { authority: "example.com", host: "example.com", port: 443 },
    { authority: "[::1]:8080", host: "::1", port: 8080 },
  ])("splits $authority", ({ authority, host, port }) => {
    expect(splitAuthority(authority)).toEqual({ host, port });
  });
});
