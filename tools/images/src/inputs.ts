import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Image } from "./images.ts";
import { IMAGES_FOLDER, PROJECT } from "./project.ts";

/** What every image is made with. Packages are told by the lockfile. */
const SHARED_INPUTS = [
  "package-lock.json",
  "tools/bundle.mjs",
  "tools/bundle-koffi.mjs",
  "tools/images/src/stage.ts",
  "tools/images/src/sbom.ts",
];

interface Record {
  /** Files whose content went into the image. */
  readonly inputs: readonly string[];
  /** Their hash, together with the image's row of the table. */
  readonly stamp: string;
}

/**
 * Whether what is staged of an image is what staging it again would make.
 *
 * Asking for the contents of exactly the files that its bundle is made of is finer than asking git which projects
 * changed: it needs no base commit and sees what is not committed.
 */
export function isStaged(image: Image): boolean {
  const file = recordFile(image);
  if (!existsSync(file) || !existsSync(join(IMAGES_FOLDER, image.id, "root"))) return false;
  // Written by `recordInputs`.
  const { inputs, stamp } = JSON.parse(readFileSync(file, "utf8")) as Record;
  return stamp === stampOf(image, inputs);
}

/** Remembers what an image was staged from. */
export function recordInputs(image: Image, bundled: readonly string[]): void {
  const ours = bundled.filter((path) => !path.includes("node_modules/") && existsSync(join(PROJECT, path)));
  const inputs = [...SHARED_INPUTS, `apps/${image.app}/package.json`, ...ours].sort();
  const record: Record = { inputs, stamp: stampOf(image, inputs) };
  writeFileSync(recordFile(image), JSON.stringify(record));
}

function recordFile({ id }: Image): string {
  return join(IMAGES_FOLDER, id, "inputs.json");
}

function stampOf(image: Image, inputs: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(image));
  for (const path of inputs) {
    const file = join(PROJECT, path);
    hash.update(`\0${path}\0`).update(existsSync(file) ? readFileSync(file) : "");
  }
  return hash.digest("hex");
}
