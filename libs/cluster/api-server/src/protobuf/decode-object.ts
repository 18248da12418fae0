import { badRequest, unsupportedMediaType } from "@bookmesh/cluster-api";
import type { JsonObject } from "@bookmesh/kube-model";
import { decodeMessage, isKnownMessage } from "./decode-message.ts";
import { wireFields } from "./wire.ts";

const MAGIC = Buffer.from("k8s\0");

/**
 * Reads an object in Kubernetes' protobuf form, in which kubectl's typed commands (`create namespace`) and
 * Go controllers send built-in kinds: four magic bytes, then an envelope with the type and the message.
 * Source: Kubernetes, "Protobuf encoding".
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  try {
    return decodeEnvelope(body.subarray(MAGIC.length));
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) throw badRequest(error.message);
    throw error;
  }
}

function decodeEnvelope(envelope: Buffer): JsonObject {
  const fields = wireFields(envelope);
  const typeMeta = bytesAt(fields, 1);
  const apiVersion = bytesAt(wireFields(typeMeta), 1).toString("utf8");
  const kind = bytesAt(wireFields(typeMeta), 2).toString("utf8");
  const name = messageName(apiVersion, kind);
  if (!isKnownMessage(name)) {
    throw unsupportedMediaType(
      `${kind} of ${apiVersion} is not read as protobuf here: send application/json`,
    );
  }
  return { apiVersion, kind, ...decodeMessage(name, bytesAt(fields, 2)) };
}

/** `apps/v1 Deployment` is `apps.v1.Deployment`; a group counts by its first word. */
function messageName(apiVersion: string, kind: string): string {
  if (kind === "DeleteOptions") return "meta.v1.DeleteOptions";
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  return `${(group ?? "").split(".")[0] ?? ""}.${version ?? ""}.${kind}`;
}

function bytesAt(fields: ReturnType<typeof wireFields>, number: number): Buffer {
  const value = fields.find((field) => field.number === number)?.value;
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
