import type { IncomingMessage } from "node:http";
import type { Status } from "@bookmesh/kube-api";
import { KubeError } from "./kube-client.ts";

/** More than any list of a cluster that this client is made for. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** The whole body. Throws where it exceeds the limit or breaks off. */
export async function readBody(answer: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`The API's answer exceeds ${MAX_BODY_BYTES} bytes.`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The object in a successful answer; throws `KubeError` for any other. */
export async function readJson<T>(answer: IncomingMessage): Promise<T> {
  if ((answer.statusCode ?? 0) >= 300) throw await failureOf(answer);
  // The API server is the authority on the shape of what it serves at a path.
  return JSON.parse(await readBody(answer)) as T;
}

/** What a refusal means: the Status in its body, or one made of its code and text. */
export async function failureOf(answer: IncomingMessage): Promise<KubeError> {
  const body = await readBody(answer);
  return new KubeError(parseStatus(body) ?? plainStatus(answer.statusCode ?? 0, body));
}

/** The texts of the `Warning` headers. Source: RFC 7234 §5.5, as Kubernetes sends them (`299 - "text"`). */
export function warningsOf(answer: IncomingMessage): readonly string[] {
  const headers = answer.headersDistinct["warning"] ?? [];
  return headers.flatMap((header) =>
    [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
      (match[1] ?? "").replace(/\\(.)/g, "$1"),
    ),
  );
}

function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || !("kind" in value)) return undefined;
    // A body that calls itself a Status is one.
    return value.kind === "Status" ? (value as unknown as Status) : undefined;
  } catch {
    return undefined; // not JSON: a proxy or the server's mux answered in plain text
  }
}

function plainStatus(code: number, body: string): Status {
  const message = body.trim().slice(0, 1000) || `The API server answered with status ${code}.`;
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message, code };
}
