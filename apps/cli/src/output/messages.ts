import { documentationUrl, isAtLeast, levelOf, LEVELS, type Finding, type Level } from "@bookmesh/analysis";
import type { KubeObject } from "@bookmesh/kube-api";
import { stringify } from "yaml";
import { print, type ConsoleIo } from "../console-io.ts";
import { colors } from "./colors.ts";

/** A finding as istioctl tells it. */
export interface Message {
  readonly code: string;
  readonly documentationUrl: string;
  readonly level: Level;
  readonly message: string;
  /** `VirtualService default/rating`. */
  readonly origin: string;
  /** `rating.yml:6`; absent where the object is not from a file. */
  readonly reference?: string;
}

/** The message of a finding; `place` is the line of its field. */
export function messageOf(object: KubeObject, finding: Finding, place: string | undefined): Message {
  return {
    code: finding.code,
    documentationUrl: documentationUrl(finding.code),
    level: levelOf(finding),
    message: `${finding.path}: ${finding.problem}`,
    origin: `${object.kind} ${fullName(object)}`,
    ...(place !== undefined && { reference: place }),
  };
}

function fullName({ metadata }: KubeObject): string {
  return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
}

/** The worst first, then by code and object, so that equal worlds give equal texts. */
export function sortMessages(messages: readonly Message[]): readonly Message[] {
  const keyed = messages.map((message) => ({
    message,
    key: `${LEVELS.indexOf(message.level)} ${message.code} ${message.origin}`,
  }));
  return keyed.sort((one, other) => compare(one.key, other.key)).map(({ message }) => message);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

const SUPPRESS_ANNOTATION = "galley.istio.io/analyze-suppress";

/** Says whether an object's own annotation keeps a code quiet: `IST0103,IST0107`, or `*`. */
export function isSuppressedAt({ metadata }: KubeObject, code: string): boolean {
  const codes = metadata.annotations?.[SUPPRESS_ANNOTATION]?.split(",").map((each) => each.trim()) ?? [];
  return codes.includes("*") || codes.includes(code);
}

/** Reads `CODE=KIND NAME.NAMESPACE` or `CODE=KIND NAMESPACE/NAME`, with `*` for any text; `undefined` for anything else. */
export function suppression(text: string): ((object: KubeObject, code: string) => boolean) | undefined {
  const [, wanted, pattern] = /^(IST\d{4})=(.+)$/.exec(text) ?? [];
  if (wanted === undefined || pattern === undefined) return undefined;
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"))
    .join(".*");
  const names = new RegExp(`^${source}$`);
  return (object, code) => {
    const { kind, metadata } = object;
    const dotted =
      metadata.namespace === undefined ? metadata.name : `${metadata.name}.${metadata.namespace}`;
    return code === wanted && (names.test(`${kind} ${dotted}`) || names.test(`${kind} ${fullName(object)}`));
  };
}

/** Prints messages of at least a level. */
export function printMessages(
  io: ConsoleIo,
  messages: readonly Message[],
  { output }: { readonly output: "log" | "json" | "yaml" },
): void {
  switch (output) {
    case "json":
      print(io, JSON.stringify(messages, undefined, 2));
      break;
    case "yaml":
      io.stdout.write(stringify(messages, { lineWidth: 0 }));
      break;
    case "log":
      for (const message of messages) print(io, lineOf(io, message));
  }
}

function lineOf(io: ConsoleIo, { code, level, message, origin, reference }: Message): string {
  const { red, bold, yellow } = colors(io);
  const painted = { Error: (text: string) => bold(red(text)), Warning: yellow, Info: (text: string) => text };
  const place = reference === undefined ? "" : ` ${reference}`;
  return `${painted[level](level)} [${code}] (${origin}${place}) ${message}`;
}

/** Those of at least a level. */
export function atLeast(messages: readonly Message[], threshold: Level): readonly Message[] {
  return messages.filter(({ level }) => isAtLeast(level, threshold));
}
