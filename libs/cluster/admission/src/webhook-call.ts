import { request } from "node:https";
import { isIP, type Socket } from "node:net";
import { connect } from "node:tls";
import type { ObjectStore } from "@bookmesh/registry";
import type { IncomingMessage } from "node:http";
import type { AdmissionReview, Webhook } from "@bookmesh/kube-api";
import { transportProblem } from "./transport-problem.ts";
import { readAnswer, type WebhookAnswer } from "./webhook-answer.ts";
import { webhookTarget, type WebhookTarget } from "./webhook-target.ts";

const DEFAULT_TIMEOUT_SECONDS = 10;
/** Of an answer that is none, as much as a person wants to see. */
const MAX_SHOWN_CHARACTERS = 200;
/** As much as a request's own body may have. */
const MAX_ANSWER_BYTES = 3 * 1024 * 1024;

/** Connects to an address outside the cluster, from wherever there is a way. */
export type Dial = (target: { readonly host: string; readonly port: number }) => Promise<Socket>;

/** Where webhooks are found, and how those are reached that are outside. */
export interface WebhookReach {
  readonly store: ObjectStore;
  /** Absent: as any other address. */
  readonly dial?: Dial;
}

/** A question to a webhook, and whether its answer may change the object. */
export interface Asking {
  readonly review: AdmissionReview;
  readonly mutates: boolean;
}

/** Sends a review to a webhook and reads its answer. Rejects with an `Error` that says what went wrong. */
export async function callWebhook(
  reach: WebhookReach,
  webhook: Webhook,
  { review, mutates }: Asking,
): Promise<WebhookAnswer> {
  const text = await send(reach, webhook, JSON.stringify(review));
  return readAnswer(text, { uid: review.request?.uid ?? "", mutates });
}

async function send(reach: WebhookReach, webhook: Webhook, body: string): Promise<string> {
  const target = webhookTarget(webhook);
  const timeoutSeconds = webhook.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  target.url.searchParams.set("timeout", `${timeoutSeconds}s`);
  const shown = `https://${target.authority}${target.url.pathname}${target.url.search}`;
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  const { status, text } = await post(reach, target, { webhook, body, signal }).catch((error: unknown) => {
    const why = signal.aborted ? "context deadline exceeded" : transportProblem(error);
    throw new Error(`failed to call webhook: Post ${JSON.stringify(shown)}: ${why}`, {
      cause: error,
    });
  });
  if (status >= 200 && status <= 299) return text;
  const problem =
    status >= 500
      ? 'an error on the server ("unknown") has prevented the request from succeeding'
      : `the server answered with status ${status}: ${text.slice(0, MAX_SHOWN_CHARACTERS)}`;
  throw new Error(`failed to call webhook: ${problem}`);
}

interface Posting {
  readonly webhook: Webhook;
  readonly body: string;
  readonly signal: AbortSignal;
}

async function post(
  { store, dial }: WebhookReach,
  target: WebhookTarget,
  { webhook, body, signal }: Posting,
): Promise<{ readonly status: number; readonly text: string }> {
  const { url, serverName, isOutside } = target;
  const { address: host, port } = target.locate(store);
  const { caBundle } = webhook.clientConfig;
  const trust = caBundle ? { ca: Buffer.from(caBundle, "base64").toString("utf8") } : {};
  const servername = isIP(serverName) === 0 ? serverName : ""; // an address is no server name: then the address itself is checked
  const socket = isOutside ? await dial?.({ host, port }) : undefined;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const call = request({
      method: "POST",
      host,
      port,
      path: `${url.pathname}${url.search}`,
      servername,
      headers: {
        host: url.host,
        "content-type": "application/json",
        accept: "application/json",
        "content-length": Buffer.byteLength(body),
      },
      ...(socket
        ? { createConnection: () => connect({ ...trust, socket, host, servername }) }
        : { ...trust, agent: false }),
      signal,
    });
    call.on("error", reject);
    call.on("response", resolve);
    call.end(body);
  });
  return { status: response.statusCode ?? 0, text: await readText(response) };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
