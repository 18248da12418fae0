import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { KeyedCertificate } from "@bookmesh/identity";
import type { SnapshotReader } from "@bookmesh/kernel";
import type { AdmissionRequest, AdmissionResponse, AdmissionReview } from "@bookmesh/kube-api";
import type { Logger } from "@bookmesh/node-host";

/** Answers one admission question. */
export type Reviewer = (request: AdmissionRequest) => AdmissionResponse | Promise<AdmissionResponse>;

/** What the webhook server offers, by path. */
export interface WebhookServerOptions {
  readonly certificate: SnapshotReader<KeyedCertificate>;
  readonly reviewers: ReadonlyMap<string, Reviewer>;
  readonly log: Logger;
}

/** An object of the API is at most 1.5 MiB; a review holds the old and the new one. */
const MAX_BODY_BYTES = 7 * 1024 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/**
 * Longer than the 90 s after which an API server drops an idle connection itself: where we dropped it first, the next
 * review might be on its way already, and its write would fail.
 */
const KEEP_ALIVE_TIMEOUT_MS = 120_000;

/** Serves admission reviews over TLS. */
export function webhookServer({ certificate, reviewers, log }: WebhookServerOptions): Server {
  const tls = ({ certPem, keyPem }: KeyedCertificate) => ({ cert: certPem, key: keyPem });
  const server = createServer({
    ...tls(certificate.current()),
    minVersion: "TLSv1.2",
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  });
  const unsubscribe = certificate.subscribe((fresh) => server.setSecureContext(tls(fresh)));
  server.on("close", unsubscribe);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, reviewers).catch((error: unknown) => {
      log.error({ err: error, path: request.url }, "A webhook call failed.");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  reviewers: WebhookServerOptions["reviewers"],
): Promise<void> {
  const outcome = await outcomeOf(request, reviewers);
  const type = outcome.status === 200 ? "application/json" : "text/plain";
  response.writeHead(outcome.status, { "content-type": type });
  response.end(outcome.body);
}

interface Outcome {
  readonly status: number;
  readonly body: string;
}

async function outcomeOf(
  request: IncomingMessage,
  reviewers: WebhookServerOptions["reviewers"],
): Promise<Outcome> {
  const path = (request.url ?? "").split("?")[0] ?? "";
  const reviewer = reviewers.get(path) ?? reviewers.get(basePath(path));
  if (reviewer === undefined) return { status: 404, body: "Nothing is served at this path.\n" };
  if (request.method !== "POST") return { status: 405, body: "A review is POSTed.\n" };
  const text = await readBody(request);
  if (text === undefined) return { status: 413, body: `A review is at most ${MAX_BODY_BYTES} bytes.\n` };
  const question = readReview(text);
  if (question === undefined)
    return { status: 400, body: "The body is not an admission.k8s.io/v1 AdmissionReview with a request.\n" };
  const review: AdmissionReview = {
    apiVersion: "admission.k8s.io/v1",
    kind: "AdmissionReview",
    response: await reviewer(question),
  };
  return { status: 200, body: JSON.stringify(review) };
}

/** Istio's installations append `/cluster/<id>/net/<network>`. */
function basePath(path: string): string {
  return `/${path.split("/")[1] ?? ""}`;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function readReview(body: string): AdmissionRequest | undefined {
  try {
    // A decoder: what matters of the shape is checked below, the rest is the API server's own.
    const review = JSON.parse(body) as Partial<AdmissionReview> | null;
    const request = review?.request;
    const isReview = review?.kind === "AdmissionReview" && review.apiVersion === "admission.k8s.io/v1";
    return isReview && typeof request?.uid === "string" ? request : undefined;
  } catch {
    return undefined; // not JSON: the caller answers 400
  }
}
