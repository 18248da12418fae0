/** What only a whole parser can read. */
export const UNUSUAL: unique symbol = Symbol("unusual YAML");

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;
/** First letters with a meaning of their own: anchors, aliases, tags, block texts, and those reserved. */
const SPECIAL = /^[&*!|>%@`?:,\]}]|^[-+]?(?:0[xo]|\.(?:inf|nan))/i;

/** Reads a value that stands on one line: a text, a number, `[a, b]`, `{ a: b }`; `UNUSUAL` for anything else. */
export function readInline(text: string): unknown {
  const cursor: Cursor = { text, at: 0 };
  const value = readValue(cursor, false);
  if (value === UNUSUAL) return UNUSUAL;
  const rest = text.slice(cursor.at);
  return rest.trim() === "" || /^\s+#/.test(rest) ? value : UNUSUAL;
}

interface Cursor {
  readonly text: string;
  at: number;
}

function readValue(cursor: Cursor, isInFlow: boolean): unknown {
  switch (cursor.text[cursor.at]) {
    case '"':
      return readQuoted(cursor, '"');
    case "'":
      return readQuoted(cursor, "'");
    case "[":
      return readFlowList(cursor);
    case "{":
      return readFlowMapping(cursor);
    default:
      return readPlain(cursor, isInFlow);
  }
}

/** Without escapes, and without a quote in it. */
function readQuoted(cursor: Cursor, quote: string): unknown {
  const end = cursor.text.indexOf(quote, cursor.at + 1);
  if (end < 0 || cursor.text[end + 1] === quote) return UNUSUAL;
  const text = cursor.text.slice(cursor.at + 1, end);
  cursor.at = end + 1;
  return quote === '"' && text.includes("\\") ? UNUSUAL : text;
}

function readPlain(cursor: Cursor, isInFlow: boolean): unknown {
  const end = isInFlow ? /[,[\]{}]|:(?=\s|$)|\s#/g : /\s#/g;
  end.lastIndex = cursor.at;
  const stop = end.exec(cursor.text)?.index ?? cursor.text.length;
  const text = cursor.text.slice(cursor.at, stop).trim();
  cursor.at = stop;
  return SPECIAL.test(text) || /:(?:\s|$)/.test(text) || /^-(?:\s|$)/.test(text) ? UNUSUAL : resolve(text);
}

/** Source: YAML 1.2, core schema. */
function resolve(text: string): unknown {
  switch (text) {
    case "":
    case "~":
    case "null":
    case "Null":
    case "NULL":
      return null;
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    default:
      return NUMBER.test(text) ? Number(text) : text;
  }
}

function readFlowList(cursor: Cursor): unknown {
  const list: unknown[] = [];
  cursor.at += 1;
  while (skipBlanks(cursor) !== "]") {
    const value = readValue(cursor, true);
    if (value === UNUSUAL || !endsMember(cursor, "]")) return UNUSUAL;
    list.push(value);
  }
  cursor.at += 1;
  return list;
}

function readFlowMapping(cursor: Cursor): unknown {
  const mapping: Record<string, unknown> = {};
  cursor.at += 1;
  while (skipBlanks(cursor) !== "}") {
    const key = readValue(cursor, true);
    if (typeof key !== "string" || key === "" || key === "__proto__" || Object.hasOwn(mapping, key))
      return UNUSUAL;
    if (skipBlanks(cursor) !== ":") return UNUSUAL;
    cursor.at += 1;
    const isBlank = /[,}]/.test(skipBlanks(cursor) ?? "");
    const value = isBlank ? null : readValue(cursor, true);
    if (value === UNUSUAL || !endsMember(cursor, "}")) return UNUSUAL;
    mapping[key] = value;
  }
  cursor.at += 1;
  return mapping;
}

/** A comma, which is skipped, or the closing bracket. */
function endsMember(cursor: Cursor, bracket: string): boolean {
  const next = skipBlanks(cursor);
  if (next === ",") cursor.at += 1;
  return next === "," || next === bracket;
}

function skipBlanks(cursor: Cursor): string | undefined {
  while (cursor.text[cursor.at] === " ") cursor.at += 1;
  return cursor.text[cursor.at];
}
