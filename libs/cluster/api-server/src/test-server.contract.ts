import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:https";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRoot, issueServerCertificate, type KeyedCertificate } from "@bookmesh/identity";
import { systemClock } from "@bookmesh/node-host";
import type { ApiServer } from "./server-options.ts";
import { startApiServer } from "./start-api-server.ts";

const HOUR_MS = 3_600_000;

/** The token of the administrator of a test server. */
export const ADMIN_TOKEN = "the-administrator";

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The parsed JSON, or `undefined`. */
  readonly json: unknown;
}

/** What differs from a GET by the administrator. */
export interface CallOptions {
  readonly method?: string;
  /** Text or bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** "" sends none. */
  readonly token?: string;
}

/** An API server of its own, with an empty database. */
export interface TestServer {
  readonly server: ApiServer;
  readonly address: string;
  readonly root: KeyedCertificate;
  call(path: string, options?: CallOptions): Promise<Answer>;
  /** The answer to a GET as it begins: nothing of its body is read before the caller does it. */
  open(path: string): Promise<IncomingMessage>;
  /** Ends the server and starts another one on the same database. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server at 127.0.0.1, on a free port. */
export async function startTestServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), "bookmesh-api-"));
  const root = await createRoot({ commonName: "test", lifetimeMs: HOUR_MS, clock: systemClock });
  const start = () => startServer(join(directory, "state.db"), root);
  let server = await start();
  return {
    address: "127.0.0.1",
    root,
    get server() {
      return server;
    },
    call: (path, options) => call({ port: server.port, ca: root.certPem, path }, options),
    open: (path) => open({ port: server.port, ca: root.certPem, path }),
    async restart() {
      await server.close();
      server = await start();
    },
    async close() {
      await server.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function startServer(databaseFile: string, root: KeyedCertificate): Promise<ApiServer> {
  const clock = systemClock;
  const { keyPem, certPem } = await issueServerCertificate(root, {
    dnsNames: ["kubernetes"],
    ipAddresses: ["127.0.0.1"],
    lifetimeMs: HOUR_MS,
    clock,
  });
  const tls = { key: keyPem, cert: certPem, ca: root.certPem };
  const random = Math.random;
  return startApiServer({
    address: "127.0.0.1",
    port: 0,
    tls,
    adminToken: ADMIN_TOKEN,
    databaseFile,
    clock,
    random,
  });
}

function call(
  { port, ca, path }: { readonly port: number; readonly ca: string; readonly path: string },
  { method = "GET", body, contentType = "application/json", accept, token = ADMIN_TOKEN }: CallOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const bytes = bytesOf(body);
    const headers = {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(accept === undefined ? {} : { accept }),
      ...(bytes === undefined
        ? {}
        : { "content-type": contentType, "content-length": Buffer.byteLength(bytes) }),
    };
    const sent = request({ host: "127.0.0.1", port, ca, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) });
      });
    });
    sent.on("error", reject);
    sent.end(bytes);
  });
}

function open(target: {
  readonly port: number;
  readonly ca: string;
  readonly path: string;
}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const sent = request({ host: "127.0.0.1", ...target, headers, agent: false }, resolve);
    sent.on("error", reject);
    sent.end();
  });
}

function bytesOf(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === "string" || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not every answer is JSON
  }
}
