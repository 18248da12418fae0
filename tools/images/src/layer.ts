import { createHash } from "node:crypto";
import {
  type Dirent,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { TAR_END, tarHeader, tarPadding, type TarEntry } from "./tar.ts";

/** A layer as it lies on disk. */
export interface Layer {
  readonly file: string;
  /** `sha256:…` of the archive, which is not compressed. */
  readonly digest: string;
  readonly sizeBytes: number;
}

/** Writes the layer that holds a folder's content: the same content makes the same layer, byte for byte. */
export function writeLayer(folder: string, file: string): Layer {
  const output = openSync(file, "w");
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const write = (bytes: Buffer): void => {
    writeSync(output, bytes);
    hash.update(bytes);
    sizeBytes += bytes.length;
  };
  try {
    for (const { entry, content } of folderEntries(folder)) {
      write(tarHeader(entry));
      write(content);
      write(tarPadding(content.length));
    }
    write(TAR_END);
  } finally {
    closeSync(output);
  }
  return { file, digest: `sha256:${hash.digest("hex")}`, sizeBytes };
}

interface FolderEntry {
  readonly entry: TarEntry;
  readonly content: Buffer;
}

const NOTHING = Buffer.alloc(0);
const PERMISSIONS = 0o7777;

/** Everything in a folder, in the order of its names. A file with several names is stored once. */
function* folderEntries(root: string): Generator<FolderEntry> {
  const firstNames = new Map<string, string>();
  for (const path of pathsIn(root)) {
    const file = join(root, path);
    const stats = lstatSync(file);
    const bare = { path, mode: stats.mode & PERMISSIONS, sizeBytes: 0 };
    if (stats.isDirectory()) yield { entry: { ...bare, kind: "directory" }, content: NOTHING };
    else if (stats.isSymbolicLink())
      yield { entry: { ...bare, kind: "symlink", target: readlinkSync(file) }, content: NOTHING };
    else if (stats.isFile()) {
      const identity = `${stats.dev}:${stats.ino}`;
      const target = stats.nlink > 1 ? firstNames.get(identity) : undefined;
      firstNames.set(identity, path);
      if (target !== undefined) yield { entry: { ...bare, kind: "link", target }, content: NOTHING };
      else {
        const content = readFileSync(file);
        yield { entry: { ...bare, kind: "file", sizeBytes: content.length }, content };
      }
    }
  }
}

/** Paths below a folder, each folder before its content. Node's own recursive listing would follow links. */
function* pathsIn(root: string, folder = ""): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true }).sort(byName)) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    yield path;
    if (entry.isDirectory()) yield* pathsIn(root, path);
  }
}

function byName(one: Dirent, other: Dirent): number {
  return one.name < other.name ? -1 : 1;
}
