import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { readFile } from "node:fs/promises";
import type { KubeConfig } from "./kube-config.ts";

/** One request to the API server. */
export interface ApiRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
  /** A follower of logs may hear nothing for hours, not even a status. */
  readonly patient?: boolean;
}

/** Sends requests over kept-alive connections. It never asks `http_proxy`: an API server is reached directly. */
export interface Transport {
  /** Resolves with the head of the answer; the caller reads its body. */
  send(request: ApiRequest): Promise<IncomingMessage>;
  /** The headers that prove who calls; after a refusal, from a token that is read again. */
  authorization(isRefused?: boolean): Promise<Readonly<Record<string, string>>>;
}

/** Admission webhooks may take 30 s; an answer that has not begun after this never will. */
const HEAD_TIMEOUT_MS = 60_000;
/** A connection without a word for this long is probed, so that a watch notices a dead server. */
const TCP_KEEP_ALIVE_MS = 15_000;
const TOKEN_LIFETIME_MS = 60_000;

/** A transport to the server of `config`. */
export function transport(config: KubeConfig): Transport {
  const agent = new Agent({ keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS, ...tlsOptions(config) });
  const authorization = authorizationOf(config);
  return {
    authorization,
    async send(request) {
      const attempt = async (isRefused: boolean) => {
        const headers = { ...request.headers, ...(await authorization(isRefused)) };
        return sendFresh({ config, agent, request: { ...request, headers } });
      };
      const answer = await attempt(false);
      if (answer.statusCode !== 401 || config.credentials.tokenFile === undefined) return answer;
      // A token that was renewed a moment ago lies in the file already.
      answer.resume();
      return attempt(true);
    },
  };
}

/** The TLS half of a configuration, as `node:tls` names it. */
export function tlsOptions(config: KubeConfig): {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
  readonly rejectUnauthorized: boolean;
} {
  const { clientCertificate, clientKey } = config.credentials;
  return {
    rejectUnauthorized: config.insecureSkipTlsVerify !== true,
    ...(config.certificateAuthority !== undefined && { ca: config.certificateAuthority }),
    ...(clientCertificate !== undefined && { cert: clientCertificate }),
    ...(clientKey !== undefined && { key: clientKey }),
    ...(config.tlsServerName !== undefined && { servername: config.tlsServerName }),
  };
}

/** The sentence for a server that does not answer. */
export function unreachable(server: string, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : "";
  return new Error(`The API server at ${server} cannot be reached: ${why}. Is it running?`, { cause });
}

/** The server had closed the idle connection that the request went out on; it saw nothing of the request. */
class StaleConnection extends Error {
  override readonly name = "StaleConnection";
}

/** Once more where the connection was stale. */
async function sendFresh(exchange: Exchange): Promise<IncomingMessage> {
  try {
    return await sendOnce(exchange);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    return await sendOnce(exchange);
  }
}

interface Exchange {
  readonly config: KubeConfig;
  readonly agent: Agent;
  readonly request: ApiRequest;
}

function sendOnce({ config, agent, request }: Exchange): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.signal?.throwIfAborted();
    const outgoing = httpsRequest(`${config.server}${request.path}`, {
      agent,
      method: request.method,
      headers: {
        ...request.headers,
        ...(request.body !== undefined && { "content-length": Buffer.byteLength(request.body) }),
      },
      ...(request.signal && { signal: request.signal }),
    });
    const timer = setTimeout(() => {
      outgoing.destroy(new Error(`no answer within ${HEAD_TIMEOUT_MS / 1000} s`));
    }, HEAD_TIMEOUT_MS);
    if (request.patient) clearTimeout(timer);
    outgoing.on("socket", (socket) => socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS));
    outgoing.on("response", (incoming) => {
      clearTimeout(timer);
      resolve(incoming);
    });
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (request.signal?.aborted) reject(abortReason(request.signal));
      else if (outgoing.reusedSocket && error.code === "ECONNRESET") reject(new StaleConnection());
      else reject(unreachable(config.server, error));
    });
    outgoing.end(request.body);
  });
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("The request was given up.");
}

function authorizationOf({ credentials }: KubeConfig): Transport["authorization"] {
  const { token, tokenFile } = credentials;
  if (tokenFile === undefined) {
    const headers: Readonly<Record<string, string>> =
      token === undefined ? {} : { authorization: `Bearer ${token}` };
    return () => Promise.resolve(headers);
  }
  let cached: { readonly token: string; readonly readAtMs: number } | undefined;
  return async (isRefused = false) => {
    const nowMs = performance.now();
    if (isRefused || cached === undefined || nowMs - cached.readAtMs > TOKEN_LIFETIME_MS) {
      cached = { token: (await readFile(tokenFile, "utf8")).trim(), readAtMs: nowMs };
    }
    return { authorization: `Bearer ${cached.token}` };
  };
}
