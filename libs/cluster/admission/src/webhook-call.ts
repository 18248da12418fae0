import { request } from "node:https";
import { isObject } from "@bookmesh/kube-model";
import { objectField, textField, type ObjectStore } from "@bookmesh/registry";
import { isIP } from "node:net";
import type { IncomingMessage } from "node:http";
import { messageOf } from "@bookmesh/kernel";
import type { AdmissionResponse, AdmissionReview, Webhook } from "@bookmesh/kube-api";
import { webhookTarget, type WebhookTarget } from "./webhook-target.ts";

const DEFAULT_TIMEOUT_SECONDS = 10;
/** As much as a request's own body may have. */
const MAX_ANSWER_BYTES = 3 * 1024 * 1024;

/** Sends a review to a webhook and reads its answer. Rejects with an `Error` that says what went wrong. */
export async function callWebhook(
  store: ObjectStore,
  webhook: Webhook,
  review: AdmissionReview,
): Promise<AdmissionResponse> {
  const target = webhookTarget(store, webhook);
  const timeoutSeconds = webhook.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  target.url.searchParams.set("timeout", `${timeoutSeconds}s`);
  const signal = AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const answer = await post(target, { webhook, body: JSON.stringify(review), signal });
    return readResponse(answer, review.request?.uid ?? "");
  } catch (error) {
    const why = signal.aborted ? "context deadline exceeded" : messageOf(error);
    throw new Error(`Post ${JSON.stringify(target.url.href)}: ${why}`, { cause: error });
  }
}

function post(
  { url, address, port, serverName }: WebhookTarget,
  {
    webhook,
    body,
    signal,
  }: { readonly webhook: Webhook; readonly body: string; readonly signal: AbortSignal },
): Promise<string> {
  const { caBundle } = webhook.clientConfig;
  return new Promise((resolve, reject) => {
    const call = request({
      method: "POST",
      host: address,
      port,
      path: `${url.pathname}${url.search}`,
      servername: isIP(serverName) === 0 ? serverName : "", // an address is no server name: then the address itself is checked
      headers: {
        host: url.host,
        "content-type": "application/json",
        accept: "application/json",
        "content-length": Buffer.byteLength(body),
      },
      ...(caBundle === undefined || caBundle === ""
        ? {}
        : { ca: Buffer.from(caBundle, "base64").toString("utf8") }),
      agent: false,
      signal,
    });
    call.on("error", reject);
    call.on("response", (response) => void readAnswer(response).then(resolve, reject));
    call.end(body);
  });
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString("utf8");
  const { statusCode = 0 } = response;
  if (statusCode < 200 || statusCode > 299)
    throw new Error(`the server answered with status ${statusCode}: ${text.slice(0, 200)}`);
  return text;
}

function readResponse(text: string, uid: string): AdmissionResponse {
  const review: unknown = JSON.parse(text);
  const response = isObject(review) ? objectField(review, "response") : undefined;
  if (response === undefined) throw new Error("the answer is no AdmissionReview with a response");
  if (textField(response, "uid") !== uid) throw new Error(`expected response.uid=${JSON.stringify(uid)}`);
  const allowed = response["allowed"] === true;
  // A decoder: what is used of the rest is checked where it is used.
  return { ...(response as unknown as AdmissionResponse), uid, allowed };
}
