import { createHash } from "node:crypto";
import type { DiscoveryAnswer } from "@bookmesh/discovery";
import { err, ok, type Result } from "@bookmesh/kernel";
import { DiscoveryResponseSchema } from "@bookmesh/xds-api";
import { create, fromBinary } from "@bufbuild/protobuf";
import { sizeDelimitedEncode, sizeDelimitedPeek } from "@bufbuild/protobuf/wire";

/** Whose configuration a file holds. */
export interface ConfigurationOwner {
  /** The node's id: kind, address, pod and namespace. */
  readonly node: string;
  readonly mesh: string;
}

/** The first line of a file: what it is, whose, and by what its content is recognized. */
interface Header extends ConfigurationOwner {
  readonly format: number;
  readonly sha256: string;
}

/** It grows when older proxies could not read what newer ones write. */
const FORMAT = 1;

/** Far more than the configuration of ten thousand services. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

const LINE_END = 0x0a;

/** Writes a configuration: a line that tells what it is, then the answers as xDS has them, each after its length. */
export function encodeConfiguration(owner: ConfigurationOwner, answers: readonly DiscoveryAnswer[]): Buffer {
  const body = Buffer.concat(
    answers.map(({ typeUrl, versionInfo, resources }) =>
      sizeDelimitedEncode(
        DiscoveryResponseSchema,
        create(DiscoveryResponseSchema, { typeUrl, versionInfo, resources: [...resources] }),
      ),
    ),
  );
  const { node, mesh } = owner;
  const header: Header = { format: FORMAT, node, mesh, sha256: digestOf(body) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]);
}

/** Reads a configuration, or says why it is not for this proxy. */
export function decodeConfiguration(
  owner: ConfigurationOwner,
  file: Uint8Array,
): Result<readonly DiscoveryAnswer[], string> {
  const lineEnd = file.indexOf(LINE_END);
  const header = lineEnd < 0 ? undefined : readHeader(file.subarray(0, lineEnd));
  if (!header) return err("it does not begin as such a file does");
  if (header.format !== FORMAT)
    return err(`it has the format ${header.format}, and this proxy reads ${FORMAT}`);
  const body = file.subarray(lineEnd + 1);
  if (digestOf(body) !== header.sha256) return err("it is damaged");
  if (header.node !== owner.node || header.mesh !== owner.mesh)
    return err(`it is of ${header.node} in the mesh ${JSON.stringify(header.mesh)}`);
  return readAnswers(body);
}

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function readHeader(line: Uint8Array): Header | undefined {
  let header: unknown;
  try {
    header = JSON.parse(Buffer.from(line).toString("utf8"));
  } catch {
    return undefined; // no JSON: the caller says so
  }
  return isHeader(header) ? header : undefined;
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null) return false;
  const texts = ["node", "mesh", "sha256"].map((name): unknown => Reflect.get(value, name));
  return typeof Reflect.get(value, "format") === "number" && texts.every((text) => typeof text === "string");
}

function readAnswers(body: Uint8Array): Result<readonly DiscoveryAnswer[], string> {
  const answers: DiscoveryAnswer[] = [];
  try {
    for (let at = 0; at < body.length;) {
      const { size, offset, eof } = sizeDelimitedPeek(body.subarray(at));
      if (eof || at + offset + size > body.length) return err("it breaks off");
      answers.push(fromBinary(DiscoveryResponseSchema, body.subarray(at + offset, at + offset + size)));
      at += offset + size;
    }
  } catch {
    return err("it cannot be read"); // whole, and of this format, but written by a proxy with another idea of xDS
  }
  return ok(answers);
}
