/** What the first bytes of a connection are, as far as TLS is concerned. */
export type ClientHello =
  | { readonly kind: "incomplete" }
  /** `serverName` is lower case, "" where the client names none. */
  | { readonly kind: "hello"; readonly serverName: string }
  /** No TLS at all. */
  | { readonly kind: "other" }
  | { readonly kind: "malformed"; readonly problem: string };

/** The longest ClientHello that is waited for; those of browsers are below 2 KiB. */
export const MAX_HELLO_BYTES = 16 * 1024;

/** It may come in several records, but cut into crumbs it would be read many times over. */
const MAX_RECORDS = 16;

const RECORD_HEAD_BYTES = 5;
const HANDSHAKE_RECORD = 22;
const MAJOR_VERSION = 3;
const HANDSHAKE_HEAD_BYTES = 4;
const CLIENT_HELLO = 1;
const RANDOM_BYTES = 32;
const SERVER_NAME_EXTENSION = 0;
const HOST_NAME = 0;

/** A host name as DNS has it: labels of letters, digits, hyphens and underscores. Source: RFC 6066 §3. */
const HOST_NAME_PATTERN =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

const INCOMPLETE: ClientHello = { kind: "incomplete" };

/**
 * Reads the server name out of a ClientHello, strictly: what breaks the grammar is refused before any TLS library sees
 * it. `bytes` is all that has come. Source: RFC 8446 §4.1.2 and §5.1, RFC 6066 §3.
 */
export function readClientHello(bytes: Uint8Array): ClientHello {
  if (bytes.length === 0) return INCOMPLETE;
  if (bytes[0] !== HANDSHAKE_RECORD) return { kind: "other" };
  const message = joinRecords(bytes);
  if (typeof message === "string") return { kind: "malformed", problem: message };
  if (!message) return INCOMPLETE;
  try {
    return { kind: "hello", serverName: readMessage(new Octets(message)) };
  } catch (error) {
    if (error instanceof Malformed) return { kind: "malformed", problem: error.message };
    throw error;
  }
}

/** The handshake message inside its records; `undefined` where more has to come, a sentence where it is none. */
function joinRecords(bytes: Uint8Array): Uint8Array | string | undefined {
  const parts: Uint8Array[] = [];
  let joined = 0;
  for (let at = 0, records = 1; at < bytes.length; records++) {
    if (records > MAX_RECORDS) return `It is cut into more than ${MAX_RECORDS} records.`;
    if (bytes[at] !== HANDSHAKE_RECORD) return "A record that is no handshake interrupts it.";
    if (at + 1 < bytes.length && bytes[at + 1] !== MAJOR_VERSION) return "A record is of no version of TLS.";
    if (at + RECORD_HEAD_BYTES > bytes.length) return undefined;
    const size = uint16(bytes, at + 3);
    if (size === 0) return "A record is empty.";
    const from = at + RECORD_HEAD_BYTES;
    const part = bytes.subarray(from, from + size);
    parts.push(part);
    joined += part.length;
    const wanted = wantedBytes(parts, joined);
    if (typeof wanted === "string") return wanted;
    if (joined >= wanted) return joinedParts(parts, joined).subarray(0, wanted);
    if (part.length < size) return undefined;
    at = from + size;
  }
  return undefined;
}

/** How long the message is that begins in these parts, head included; `Infinity` while its head is not all there. */
function wantedBytes(parts: readonly Uint8Array[], joined: number): number | string {
  const head = joinedParts(parts, Math.min(joined, HANDSHAKE_HEAD_BYTES));
  if (head.length > 0 && head[0] !== CLIENT_HELLO)
    return "It begins with another message than a ClientHello.";
  if (head.length < HANDSHAKE_HEAD_BYTES) return Infinity;
  const size = HANDSHAKE_HEAD_BYTES + (head[1] ?? 0) * 0x1_00_00 + uint16(head, 2);
  return size > MAX_HELLO_BYTES ? `It is longer than ${MAX_HELLO_BYTES} bytes.` : size;
}

function joinedParts(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts;
  if (first && first.length >= length) return first.subarray(0, length);
  const joined = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    joined.set(part.subarray(0, length - at), at);
    at = Math.min(length, at + part.length);
  }
  return joined;
}

/** The name that a whole ClientHello asks for. */
function readMessage(message: Octets): string {
  message.skip(HANDSHAKE_HEAD_BYTES);
  if (message.uint8() !== MAJOR_VERSION) throw new Malformed("It is of no version of TLS.");
  message.skip(1 + RANDOM_BYTES);
  if (message.vector(1).size > 32) throw new Malformed("Its session id is too long.");
  const ciphers = message.vector(2).size;
  if (ciphers === 0 || ciphers % 2 !== 0) throw new Malformed("Its list of ciphers cannot be read.");
  if (message.vector(1).size === 0) throw new Malformed("It names no compression method.");
  if (message.size === 0) return ""; // TLS 1.2 without any extension
  const extensions = message.vector(2);
  message.mustBeRead("it");
  return readExtensions(extensions);
}

function readExtensions(extensions: Octets): string {
  const seen = new Set<number>();
  let serverName = "";
  while (extensions.size > 0) {
    const type = extensions.uint16();
    if (seen.has(type)) throw new Malformed(`It has the extension ${type} twice.`);
    seen.add(type);
    const content = extensions.vector(2);
    if (type === SERVER_NAME_EXTENSION) serverName = readServerName(content);
  }
  return serverName;
}

function readServerName(content: Octets): string {
  const names = content.vector(2);
  content.mustBeRead("its server name");
  if (names.uint8() !== HOST_NAME) throw new Malformed("Its server name is no host name.");
  const name = names.vector(2).text().toLowerCase();
  names.mustBeRead("its list of server names");
  if (!HOST_NAME_PATTERN.test(name)) throw new Malformed("Its server name is no name of a host.");
  return name;
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 0x1_00 + (bytes[at + 1] ?? 0);
}

/** What breaks the grammar; it never leaves this file. */
class Malformed extends Error {}

/** Reads octets one after the other, and never beyond their end. */
class Octets {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Those that are left. */
  get size(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): Uint8Array {
    if (count > this.size) throw new Malformed("A length in it reaches beyond its end.");
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  uint8(): number {
    return this.skip(1)[0] ?? 0;
  }

  uint16(): number {
    return uint16(this.skip(2), 0);
  }

  /** What stands behind a length of so many octets. */
  vector(lengthBytes: 1 | 2): Octets {
    return new Octets(this.skip(lengthBytes === 1 ? this.uint8() : this.uint16()));
  }

  /** All that is left, as Latin-1. */
  text(): string {
    return String.fromCharCode(...this.skip(this.size));
  }

  mustBeRead(what: string): void {
    if (this.size > 0) throw new Malformed(`There is something behind ${what}.`);
  }
}
