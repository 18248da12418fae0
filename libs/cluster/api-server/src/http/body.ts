import type { IncomingMessage } from "node:http";
import { badRequest, tooLarge, unsupportedMediaType } from "@bookmesh/cluster-api";
import { parseMediaType, parseYaml } from "@bookmesh/registry";
import { messageOf } from "@bookmesh/kernel";
import { decodeProtobuf } from "../protobuf/decode-object.ts";

/** Kubernetes' own limit for a request's body. */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** Reads a whole body; refuses one that passes the limit without reading on. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw tooLarge(MAX_BODY_BYTES);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Parses a body in JSON, YAML or protobuf, as its content type says. `kind` is what it should be, for the message. */
export function parseBody(body: Buffer, contentType: string | undefined, kind: string): unknown {
  const { type } = parseMediaType(contentType ?? "");
  if (type === PROTOBUF) return decodeProtobuf(body);
  const text = body.toString("utf8");
  if (isJson(contentType)) return parseJson(text, kind);
  if (type === "application/yaml" || type === "text/yaml") return parseYaml(text);
  const accepted = `application/json, application/yaml, ${PROTOBUF}`;
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

/** Says whether a content type means JSON; a body without one is taken for it. */
export function isJson(contentType: string | undefined): boolean {
  const { type } = parseMediaType(contentType ?? "");
  return type === "application/json" || type === "";
}

function parseJson(text: string, kind: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = text === "" ? "unexpected end of JSON input" : messageOf(error);
    const shown = text.length > 1000 ? `${text.slice(0, 1000)}...` : text;
    throw badRequest(
      `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why} (${shown})`,
    );
  }
}
