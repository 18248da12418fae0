import messages from "../generated/kubernetes-messages.json" with { type: "json" };
import type { JsonObject } from "@bookmesh/kube-model";
import { listField } from "@bookmesh/registry";
import { WELL_KNOWN } from "./well-known.ts";
import { wireFields, type WireField } from "./wire.ts";

/** `name:type`, where the type ends with `[]` for a list, `{}` for a map, `~` for fields that JSON shows one level up. */
const MESSAGES: Readonly<Record<string, Readonly<Record<string, string>>>> = messages;

/** Deeper than any real object. */
const MAX_DEPTH = 40;

/** Numbers and flags for which 0 and `false` say something; Go writes those of all others even where nobody set them. */
const MEANINGFUL_ZEROS = new Set([
  "allocateLoadBalancerNodePorts",
  "allowPrivilegeEscalation",
  "automountServiceAccountToken",
  "backoffLimit",
  "blockOwnerDeletion",
  "completions",
  "controller",
  "defaultMode",
  "enableServiceLinks",
  "failedJobsHistoryLimit",
  "gracePeriodSeconds",
  "immutable",
  "leaseDurationSeconds",
  "leaseTransitions",
  "maxUnavailable",
  "mode",
  "optional",
  "parallelism",
  "privileged",
  "readOnlyRootFilesystem",
  "ready",
  "replicas",
  "revisionHistoryLimit",
  "runAsGroup",
  "runAsNonRoot",
  "runAsUser",
  "serving",
  "successfulJobsHistoryLimit",
  "terminating",
  "terminationGracePeriodSeconds",
  "ttlSecondsAfterFinished",
]);

/** Texts for which the empty one says something: nobody holds a Lease that was given back. */
const MEANINGFUL_EMPTY = new Set(["holderIdentity"]);

/** Says whether messages of this name can be read. */
export function isKnownMessage(name: string): boolean {
  return Object.hasOwn(MESSAGES, name);
}

/** A message as the JSON that Kubernetes would show. Throws `RangeError` for bytes that are no such message. */
export function decodeMessage(name: string, bytes: Buffer, depth = MAX_DEPTH): JsonObject {
  if (depth === 0) throw new RangeError("proto: the message is nested too deeply");
  const fields = MESSAGES[name] ?? {};
  const result: Record<string, unknown> = {};
  for (const field of wireFields(bytes)) {
    const declared = fields[field.number];
    if (declared !== undefined) place(result, readDeclaration(declared), { field, depth });
  }
  return result;
}

interface Declaration {
  readonly name: string;
  readonly type: string;
  readonly form: "one" | "list" | "map" | "inline";
}

function readDeclaration(declared: string): Declaration {
  const [name = "", type = ""] = declared.split(":");
  if (type.endsWith("[]")) return { name, type: type.slice(0, -2), form: "list" };
  if (type.endsWith("{}")) return { name, type: type.slice(0, -2), form: "map" };
  return type.endsWith("~") ? { name, type: type.slice(0, -1), form: "inline" } : { name, type, form: "one" };
}

interface Found {
  readonly field: WireField;
  readonly depth: number;
}

function place(result: Record<string, unknown>, { name, type, form }: Declaration, found: Found): void {
  const { value } = found.field;
  switch (form) {
    case "one": {
      const read = readValue(type, value, found.depth);
      if (read !== undefined && !isUnset(name, read)) result[name] = read;
      return;
    }
    case "inline":
      Object.assign(result, readValue(type, value, found.depth));
      return;
    case "list": {
      result[name] = [...listField(result, name), readValue(type, value, found.depth)];
      return;
    }
    case "map": {
      const [key, entry] = readEntry(type, value, found.depth);
      result[name] = { ...(typeof result[name] === "object" ? result[name] : {}), [key]: entry };
    }
  }
}

/** A map's entry is a message of a key (1) and a value (2). */
function readEntry(type: string, entry: bigint | Buffer, depth: number): readonly [string, unknown] {
  const fields = Buffer.isBuffer(entry) ? wireFields(entry) : [];
  const key = fields.find(({ number }) => number === 1)?.value ?? Buffer.alloc(0);
  const value = fields.find(({ number }) => number === 2)?.value ?? Buffer.alloc(0);
  return [String(key), readValue(type, value, depth)];
}

function readValue(type: string, value: bigint | Buffer, depth: number): unknown {
  if (!Buffer.isBuffer(value)) return type === "bool" ? value !== 0n : Number(value);
  if (type === "text") return value.toString("utf8");
  if (type === "bytes") return value.toString("base64");
  return WELL_KNOWN.has(type) ? WELL_KNOWN.get(type)?.(value) : decodeMessage(type, value, depth - 1);
}

function isUnset(name: string, value: unknown): boolean {
  if (value === "") return !MEANINGFUL_EMPTY.has(name);
  return (value === 0 || value === false) && !MEANINGFUL_ZEROS.has(name);
}
