import { readInline, UNUSUAL } from "./inline-value.ts";

/** Takes note of the line of each member of each mapping and list. */
export type NoteLine = (parent: object, member: string | number, line: number) => void;

interface Line {
  /** From 0, within the text. */
  readonly number: number;
  readonly indent: number;
  /** Without indentation and trailing blanks. */
  readonly text: string;
}

/** Keys of other first letters may be numbers, quoted, or worse. */
const KEY = /^([A-Za-z_][\w./-]*):(?=\s|$)\s*/;
/** Words that are no text, and one that is no ordinary member. */
const NO_KEY = /^(null|true|false|__proto__)$/i;

/**
 * Reads one document of YAML as people write it for Kubernetes: mappings, lists, values on one line. It is several
 * times as fast as a whole parser. `UNUSUAL` where anything else is in it: then a whole parser has to read it.
 */
export function readPlainYaml(text: string, note?: NoteLine): unknown {
  const lines = linesOf(text);
  if (lines === undefined) return UNUSUAL;
  const [first] = lines;
  if (first === undefined) return null;
  const reader = new BlockReader(lines, note);
  const value = reader.read(first.indent);
  return reader.isAtEnd ? value : UNUSUAL;
}

function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = [];
  const raw = text.split("\n");
  for (let number = 0; number < raw.length; number += 1) {
    const line = raw[number] ?? "";
    let indent = 0;
    while (line.charCodeAt(indent) === 32) indent += 1;
    const content = line.slice(indent).trimEnd();
    if (content === "" || content.startsWith("#")) continue;
    if (/^(?:\t|%|---)/.test(content)) return undefined;
    lines.push({ number, indent, text: content });
  }
  return lines;
}

/** Walks over the lines of a document; one that is unusual stops it for good. */
class BlockReader {
  readonly #lines: Line[];
  readonly #note: NoteLine | undefined;
  #at = 0;
  #isUnusual = false;

  constructor(lines: Line[], note: NoteLine | undefined) {
    this.#lines = lines;
    this.#note = note;
  }

  /** Whether everything was read, and nothing was unusual. */
  get isAtEnd(): boolean {
    return !this.#isUnusual && this.#at === this.#lines.length;
  }

  /** The value that begins at this line, whose lines are indented by `indent`. */
  read(indent: number): unknown {
    const line = this.#lines[this.#at];
    if (line === undefined || line.indent !== indent) return this.#giveUp();
    if (isItem(line.text)) return this.#readList(indent);
    if (KEY.test(line.text)) return this.#readMapping(indent);
    this.#at += 1;
    return this.#inline(line.text, indent);
  }

  #readMapping(indent: number): unknown {
    const mapping: Record<string, unknown> = {};
    for (let line = this.#lineAt(indent); line !== undefined; line = this.#lineAt(indent)) {
      const found = KEY.exec(line.text);
      const [head = "", key = ""] = found ?? [];
      if (found === null || NO_KEY.test(key) || Object.hasOwn(mapping, key)) return this.#giveUp();
      this.#note?.(mapping, key, line.number);
      this.#at += 1;
      const rest = line.text.slice(head.length);
      mapping[key] = isNothing(rest) ? this.#readBelow(indent, true) : this.#inline(rest, indent);
      if (this.#isUnusual) return UNUSUAL;
    }
    return mapping;
  }

  #readList(indent: number): unknown {
    const list: unknown[] = [];
    for (let line = this.#lineAt(indent); line !== undefined; line = this.#lineAt(indent)) {
      if (!isItem(line.text)) break;
      this.#note?.(list, list.length, line.number);
      const rest = line.text.slice(1).trimStart();
      if (isNothing(rest)) {
        this.#at += 1;
        list.push(this.#readBelow(indent, false));
      } else if (isItem(rest) || KEY.test(rest)) {
        // What follows the dash is the first line of a value that is indented by as much.
        const inner = indent + line.text.length - rest.length;
        this.#lines[this.#at] = { number: line.number, indent: inner, text: rest };
        list.push(this.read(inner));
      } else {
        this.#at += 1;
        list.push(this.#inline(rest, indent));
      }
      if (this.#isUnusual) return UNUSUAL;
    }
    return list;
  }

  /** The value on the lines below a key or a dash; a list of a mapping may be indented as the key is. */
  #readBelow(indent: number, allowsList: boolean): unknown {
    const next = this.#lines[this.#at];
    if (next === undefined || next.indent < indent) return null;
    if (next.indent > indent) return this.read(next.indent);
    return allowsList && isItem(next.text) ? this.#readList(indent) : null;
  }

  /** A value on one line. Where the next line is indented further it would go on there. */
  #inline(text: string, indent: number): unknown {
    const next = this.#lines[this.#at];
    if (next !== undefined && next.indent > indent) return this.#giveUp();
    const value = readInline(text);
    return value === UNUSUAL ? this.#giveUp() : value;
  }

  #lineAt(indent: number): Line | undefined {
    const line = this.#lines[this.#at];
    if (line !== undefined && line.indent > indent) this.#giveUp();
    return this.#isUnusual || line?.indent !== indent ? undefined : line;
  }

  #giveUp(): typeof UNUSUAL {
    this.#isUnusual = true;
    return UNUSUAL;
  }
}

function isItem(text: string): boolean {
  return text === "-" || text.startsWith("- ");
}

function isNothing(rest: string): boolean {
  return rest === "" || rest.startsWith("#");
}
