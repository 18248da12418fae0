import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter } from "yaml";
import { readPlainYaml } from "./plain-yaml.ts";

/** The way to a field: `["spec", "hosts", 0]`. */
type Members = readonly (string | number)[];

/** The line of a field, from 0; where it is not there, of what it would stand in. */
export type LineOf = (members: Members) => number;

/** A document as the whole parser reads it. */
export interface Parsed {
  readonly document: Document.Parsed;
  readonly counter: LineCounter;
}

/**
 * The way to a field by the path that messages use: `spec.hosts[0]`. Keys may have dots in them, so a path is read
 * along the value: the longest key that is there counts. It ends where the value does.
 */
export function membersOf(path: string, value: unknown): Members {
  const index = /^\[(\d+)\]\.?/.exec(path);
  if (index !== null && Array.isArray(value)) {
    const at = Number(index[1]);
    const items: readonly unknown[] = value;
    return at < items.length ? [at, ...membersOf(path.slice(index[0].length), items[at])] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  const [key, member] = Object.entries(value)
    .filter(([name]) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`))
    .sort(([one], [other]) => other.length - one.length)[0] ?? [undefined, undefined];
  if (key === undefined) return [];
  return [key, ...membersOf(path.slice(key.length).replace(/^\./, ""), member)];
}

/** The lines of a text that `readPlainYaml` reads. */
export function linesOfPlain(source: string): LineOf {
  const lines = new Map<unknown, Map<string | number, number>>();
  const root = readPlainYaml(source, (parent, member, line) => {
    const own = lines.get(parent) ?? new Map<string | number, number>();
    own.set(member, line);
    lines.set(parent, own);
  });
  return (members) => {
    let value: unknown = root;
    let found = firstLineOf(source);
    for (const member of members) {
      const line = lines.get(value)?.get(member);
      if (line === undefined) return found;
      found = line;
      value = memberOf(value, member);
    }
    return found;
  };
}

function memberOf(value: unknown, member: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === String(member))?.[1];
}

/** The first line with anything but blanks and comments. */
function firstLineOf(source: string): number {
  const first = source.split("\n").findIndex((line) => !/^\s*(#.*|---\s*)?$/.test(line));
  return Math.max(first, 0);
}

/** The lines of a text that the whole parser has read. */
export function linesOfParsed({ document, counter }: Parsed): LineOf {
  const lineAt = (node: unknown, otherwise: number): number => {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? otherwise : counter.linePos(offset).line - 1;
  };
  return (members) => {
    let node: unknown = document.contents;
    let found = lineAt(node, 0);
    for (const member of members) {
      const place = placeIn(node, member);
      if (place === undefined) return found;
      found = lineAt(place.at, found);
      node = place.value;
    }
    return found;
  };
}

/** Where a member begins, and what it is. */
function placeIn(
  node: unknown,
  member: string | number,
): { readonly at: unknown; readonly value: unknown } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(member)];
    return item === undefined ? undefined : { at: item, value: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(member));
  return pair === undefined ? undefined : { at: pair.key, value: pair.value };
}
