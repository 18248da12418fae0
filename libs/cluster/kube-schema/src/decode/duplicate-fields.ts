/** How many duplicates are told at most. */
const MAX_REPORTED = 100;

/** An object or a list that is still open while the text is read. */
interface Level {
  /** Its path: `spec.template`. */
  readonly path: string;
  /** The names so far; `undefined` for a list. */
  readonly names: Set<string> | undefined;
  /** What the next value is called. */
  name: string;
  index: number;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** The paths of fields that a JSON text names twice: `spec.replicas`. The text has been parsed before. */
export function duplicateFields(json: string): readonly string[] {
  const duplicates = new Set<string>();
  const levels: Level[] = [];
  for (const match of json.matchAll(TOKEN)) {
    const [token] = match;
    const level = levels.at(-1);
    if (token === "{" || token === "[") levels.push(opened(level, token));
    else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level !== undefined) level.index += 1;
    else if (token.startsWith('"') && level?.names !== undefined && isKey(json, match.index + token.length)) {
      readKey(level, token, duplicates);
      if (duplicates.size >= MAX_REPORTED) break;
    }
  }
  return [...duplicates];
}

function opened(parent: Level | undefined, bracket: string): Level {
  return { path: pathIn(parent), names: bracket === "{" ? new Set() : undefined, name: "", index: 0 };
}

function pathIn(parent: Level | undefined): string {
  if (parent === undefined) return "";
  if (parent.names === undefined) return `${parent.path}[${parent.index}]`;
  return parent.path === "" ? parent.name : `${parent.path}.${parent.name}`;
}

function readKey(level: Level, token: string, duplicates: Set<string>): void {
  const name: unknown = JSON.parse(token);
  level.name = String(name);
  if (level.names?.has(level.name) === true) duplicates.add(pathIn(level));
  level.names?.add(level.name);
}

/** In valid JSON a string before a colon is a field's name. */
function isKey(json: string, end: number): boolean {
  for (let position = end; position < json.length; position += 1) {
    const character = json[position];
    if (character === ":") return true;
    if (character === undefined || !/\s/.test(character)) return false;
  }
  return false;
}
