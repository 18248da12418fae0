import {
  mkdirSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** The link to the directory with the files that are valid now. */
const DATA = "..data";

/**
 * Makes `files` the content of `directory` in one step: they are written to a new hidden directory, then one link is
 * turned to it. A reader sees all of the old files or all of the new ones. Source: Kubernetes, `AtomicWriter`.
 */
export function replaceFiles(directory: string, files: ReadonlyMap<string, Buffer>, mode = 0o644): void {
  mkdirSync(directory, { recursive: true });
  const fresh = `..${process.hrtime.bigint().toString(36)}`;
  for (const [path, content] of files) {
    const file = join(directory, fresh, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content, { mode });
  }
  mkdirSync(join(directory, fresh), { recursive: true });
  const old = currentData(directory);
  turnLink(join(directory, DATA), fresh);
  linkNames(directory, new Set([...files.keys()].map((path) => path.split("/")[0] ?? path)));
  if (old !== undefined) rmSync(join(directory, old), { recursive: true, force: true });
}

function currentData(directory: string): string | undefined {
  try {
    return readlinkSync(join(directory, DATA));
  } catch {
    return undefined; // the first time there is none
  }
}

/** Renaming over a link is atomic; changing one is not. */
function turnLink(link: string, target: string): void {
  const fresh = `${link}_tmp`;
  rmSync(fresh, { force: true });
  symlinkSync(target, fresh);
  renameSync(fresh, link);
}

function linkNames(directory: string, names: ReadonlySet<string>): void {
  const present = readdirSync(directory, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith(".."),
  );
  for (const entry of present)
    if (entry.isSymbolicLink() && !names.has(entry.name)) rmSync(join(directory, entry.name));
  const have = new Set(present.map(({ name }) => name));
  for (const name of names) if (!have.has(name)) symlinkSync(join(DATA, name), join(directory, name));
}
