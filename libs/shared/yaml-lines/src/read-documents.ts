import { LineCounter, parseDocument } from "yaml";
import { linesOfParsed, linesOfPlain, membersOf, type LineOf, type Parsed } from "./field-lines.ts";
import { UNUSUAL } from "./inline-value.ts";
import { readPlainYaml } from "./plain-yaml.ts";

/** YAML aliases beyond this many are an attack on memory. */
const MAX_ALIASES = 100;

/** A document of a text. */
export interface LocatedDocument {
  /** What it holds; `undefined` where it cannot be read. */
  readonly value: unknown;
  /** Why it cannot be read, and where; absent where it can. */
  readonly problem?: { readonly sentence: string; readonly line: number };
  /** The line of a field such as `spec.hosts[0]`, from 1; of what it would stand in, where the field is not there. */
  readonly lineOf: (path: string) => number;
}

/** Reads the documents of a text of YAML or JSON. Those that hold nothing are left out. */
export function readDocuments(text: string): readonly LocatedDocument[] {
  return split(text)
    .map(({ source, firstLine }) => readDocument(source, firstLine))
    .filter(({ value, problem }) => value !== null || problem !== undefined);
}

interface Part {
  readonly source: string;
  /** Of the text, from 1. */
  readonly firstLine: number;
}

/** A line that begins with `---` or `...` ends a document whatever stands before it. */
const BORDER = /^(?:---|\.\.\.)(?:[ \t].*|\r?)$/;

function split(text: string): readonly Part[] {
  if (!/^(?:---|\.\.\.)/m.test(text)) return [{ source: text, firstLine: 1 }];
  const parts: Part[] = [];
  let begun: string[] = [];
  let firstLine = 1;
  const end = (nextLine: number) => {
    if (begun.some((line) => line.trim() !== "")) parts.push({ source: begun.join("\n"), firstLine });
    begun = [];
    firstLine = nextLine;
  };
  text.split("\n").forEach((line, index) => {
    if (!BORDER.test(line)) begun.push(line);
    else {
      end(index + 1);
      // What follows on the same line belongs to the document; the border itself keeps lines and columns.
      begun.push(line.startsWith("---") && line.trim() !== "---" ? line : "");
    }
  });
  end(0);
  return parts;
}

function readDocument(source: string, firstLine: number): LocatedDocument {
  const json = readJson(source);
  if (json !== undefined) return located(json, firstLine, () => linesOfParsed(parse(source)));
  const plain = readPlainYaml(source);
  if (plain !== UNUSUAL) return located(plain, firstLine, () => linesOfPlain(source));
  const parsed = parse(source);
  const [error] = parsed.document.errors;
  if (error !== undefined) {
    const line = firstLine - 1 + (error.linePos?.[0].line ?? 1);
    return {
      value: undefined,
      problem: { sentence: error.message.split("\n")[0] ?? "", line },
      lineOf: () => line,
    };
  }
  try {
    const value: unknown = parsed.document.toJS({ maxAliasCount: MAX_ALIASES });
    return located(value, firstLine, () => linesOfParsed(parsed));
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message : String(cause);
    return { value: undefined, problem: { sentence, line: firstLine }, lineOf: () => firstLine };
  }
}

function parse(source: string): Parsed {
  const counter = new LineCounter();
  return { document: parseDocument(source, { lineCounter: counter, prettyErrors: true }), counter };
}

function readJson(source: string): unknown {
  if (!source.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(source);
    return value;
  } catch {
    return undefined; // YAML's own braces, perhaps
  }
}

/** Lines are looked for when somebody asks: few documents are ever asked. */
function located(value: unknown, firstLine: number, find: () => LineOf): LocatedDocument {
  let lineOf: LineOf | undefined;
  return { value, lineOf: (path) => firstLine + (lineOf ??= find())(membersOf(path, value)) };
}
