import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { warn, type ConsoleIo } from "../console-io.ts";

/** A text, and the name to tell it by. */
export interface SourceText {
  readonly name: string;
  readonly text: string;
}

const EXTENSIONS = new Set([".yml", ".yaml", ".json"]);

/** Reads files, all files of folders, and standard input (`-`). What is neither YAML nor JSON by its name is left out. */
export async function gatherFiles(
  io: ConsoleIo,
  paths: readonly string[],
  recursive: boolean,
): Promise<readonly SourceText[]> {
  const sources: SourceText[] = [];
  for (const path of paths) {
    if (path === "-") sources.push({ name: "-", text: await text(io.stdin) });
    else
      for (const file of filesOf(io, path, recursive))
        sources.push({ name: file, text: readFileSync(file, "utf8") });
  }
  return sources;
}

function filesOf(io: ConsoleIo, path: string, recursive: boolean): readonly string[] {
  if (isFolder(path)) return filesIn(io, path, recursive);
  return isManifest(io, path) ? [path] : [];
}

function filesIn(io: ConsoleIo, folder: string, recursive: boolean): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (isFolder(path)) return recursive ? filesIn(io, path, recursive) : [];
    return isManifest(io, path) ? [path] : [];
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw new Error(`The path "${path}" does not exist.`, { cause });
  }
}

function isManifest(io: ConsoleIo, path: string): boolean {
  if (EXTENSIONS.has(extname(path))) return true;
  warn(io, `Skipping file ${path}: it is neither .yml, .yaml nor .json`);
  return false;
}
