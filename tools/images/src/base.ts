import { mkdirSync, readFileSync, rmSync, statSync, copyFileSync, existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import type { Image } from "./images.ts";
import { writeLayer, type Layer } from "./layer.ts";
import { IMAGES_FOLDER } from "./project.ts";

/** What images start from, where no engine fetches it: root directories, or tars of them. */
export interface BaseRoots {
  /** Node 24 and what it needs. */
  readonly node: string;
  /** iptables, on top of that, for the init container's image; absent where `node` has it. */
  readonly init?: string;
}

/** Makes layers of root directories, each once. */
export function baseLayers(roots: BaseRoots): (image: Image) => readonly Layer[] {
  const made = new Map<string, Layer>();
  const layer = (root: string): Layer => {
    const known = made.get(root) ?? rootLayer(root);
    made.set(root, known);
    return known;
  };
  return ({ needsIptables }) => [
    layer(roots.node),
    ...(needsIptables && roots.init !== undefined ? [layer(roots.init)] : []),
  ];
}

function rootLayer(root: string): Layer {
  if (!existsSync(root))
    throw new Error(`There is no base at ${root}; name a root directory, or a tar of one.`);
  const folder = join(IMAGES_FOLDER, "bases");
  mkdirSync(folder, { recursive: true });
  const name = createHash("sha256").update(root).digest("hex").slice(0, 8);
  const file = join(folder, `${basename(root)}-${name}.tar`);
  rmSync(file, { force: true });
  if (statSync(root).isDirectory()) return writeLayer(root, file);
  copyFileSync(root, file);
  const bytes = readFileSync(file);
  return {
    file,
    digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`,
    sizeBytes: bytes.length,
  };
}
