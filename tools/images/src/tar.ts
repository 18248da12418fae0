/** One entry of a tar archive. */
export interface TarEntry {
  /** Its path without a slash at either end. */
  readonly path: string;
  readonly mode: number;
  readonly kind: "file" | "directory" | "symlink" | "link";
  /** What a link points at. */
  readonly target?: string;
  /** How many bytes of content follow. */
  readonly sizeBytes: number;
}

const BLOCK_BYTES = 512;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const TYPE_FLAGS = { file: "0", link: "1", symlink: "2", directory: "5" } as const;
const CHECKSUM = { offset: 148, length: 8 } as const;

/**
 * The header of an entry that belongs to root and has no time, so that equal files make equal archives.
 *
 * Source: POSIX.1-2024 pax, "ustar Interchange Format".
 */
export function tarHeader({ path, mode, kind, target = "", sizeBytes }: TarEntry): Buffer {
  const header = Buffer.alloc(BLOCK_BYTES);
  const { name, prefix } = splitPath(kind === "directory" ? `${path}/` : path);
  if (Buffer.byteLength(target) > NAME_BYTES)
    throw new Error(`${path} points at ${target}, which is longer than a tar archive can say.`);
  header.write(name, 0);
  header.write(octal(mode, 8), 100);
  header.write(octal(0, 8), 108);
  header.write(octal(0, 8), 116);
  header.write(octal(sizeBytes, 12), 124);
  header.write(octal(0, 12), 136);
  header.write(TYPE_FLAGS[kind], 156);
  header.write(target, 157);
  header.write("ustar\u000000", 257);
  header.write(prefix, 345);
  header.fill(" ", CHECKSUM.offset, CHECKSUM.offset + CHECKSUM.length);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, CHECKSUM.offset);
  return header;
}

/** What follows a content of this many bytes, so that the next header begins at a block. */
export function tarPadding(sizeBytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (sizeBytes % BLOCK_BYTES)) % BLOCK_BYTES);
}

/** The end of an archive. */
export const TAR_END = Buffer.alloc(2 * BLOCK_BYTES);

/** A long path is cut in two at one of its slashes. */
function splitPath(path: string): { readonly name: string; readonly prefix: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { name: path, prefix: "" };
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    const fits = Buffer.byteLength(name) <= NAME_BYTES && Buffer.byteLength(prefix) <= PREFIX_BYTES;
    if (fits && name !== "") return { name, prefix };
  }
  throw new Error(`${path} is longer than a tar archive can say.`);
}

function octal(value: number, length: number): string {
  return `${value.toString(8).padStart(length - 1, "0")}\0`;
}
