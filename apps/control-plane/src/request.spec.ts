import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, describe, expect, it, vi } from "vitest";
import { request } from "./request.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("request", () => {
  it.each([
    { path: "/debug/syncz", status: 200, code: 0 },
    { path: "/nothing", status: 404, code: 1 },
  ])("prints the answer to $path, and exits with $code", async ({ path, status, code }) => {
    const printed = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const server = createServer((call, response) => {
      response.writeHead(status);
      response.end(`${call.method ?? ""} ${call.url ?? ""}`);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const env = {
      BIND_ADDRESS: "127.0.0.1",
      MONITORING_PORT: String(port),
      http_proxy: "http://127.0.0.1:1",
    };
    expect(await request(env, ["GET", path])).toBe(code);
    expect(printed).toHaveBeenCalledWith(`GET ${path}`);
    server.close();
  });

  it("explains itself to whoever forgets the path", async () => {
    const complaint = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    expect(await request({}, ["GET"])).toBe(2);
    expect(complaint).toHaveBeenCalledOnce();
  });
});
