import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "@bookmesh/kernel";
import { writeArchive } from "./archive.ts";
import { ownBuilder } from "./build-own.ts";
import { dockerfile } from "./dockerfile.ts";
import { buildWithEngine, findEngine, pushImages, saveImages } from "./engine.ts";
import { IMAGES, type Image } from "./images.ts";
import { loadImages } from "./load.ts";
import { readOptions, type Options } from "./options.ts";
import { IMAGES_FOLDER, PROJECT } from "./project.ts";
import { stage } from "./stage.ts";
import { stagedImage, type StagedImage } from "./staged-image.ts";

const ARCHIVE = join(IMAGES_FOLDER, "bookmesh.tar");
const BYTES_PER_MB = 1_000_000;

process.umask(0o022); // directories are in the images as they are on disk
const options = readOptions(process.argv.slice(2), process.env);
if (!options.ok) fail(options.error, 2);
try {
  make(options.value);
} catch (error) {
  fail(messageOf(error), 1);
}

function make(wanted: Options): void {
  if (wanted.writeDockerfiles) {
    writeDockerfiles();
    return;
  }
  mkdirSync(IMAGES_FOLDER, { recursive: true });
  const images = wanted.images.filter(hasApp);
  if (wanted.stageOnly) {
    for (const image of images) say(`staged ${stage(image)}`);
    return;
  }
  const build = builder(wanted);
  const staged = images.map((image) => stagedImage(image, wanted));
  build(staged);
  if (wanted.load === undefined) return;
  loadImages(wanted.load, ARCHIVE);
  say(`loaded ${staged.length} images into ${wanted.load}`);
}

/** What builds images and, where they are to be loaded, writes them into the archive. */
function builder({
  builder: who,
  roots,
  baseImage,
  load,
  push,
}: Options): (images: readonly StagedImage[]) => void {
  if (who === "own") {
    if (roots === undefined)
      throw new Error(
        "Without an engine a base is needed: --base, or BOOKMESH_BASE_ROOT, a directory with Node 24.",
      );
    const build = ownBuilder(roots);
    return (images) => {
      for (const image of images) report(image, !image.isNew);
      writeArchive(images.map(build), ARCHIVE);
      say(`wrote ${ARCHIVE}`);
    };
  }
  const engine = findEngine();
  if (engine === undefined)
    throw new Error(
      "Neither docker nor podman answers: start one, or give a root directory with Node 24 by --base (BOOKMESH_BASE_ROOT).",
    );
  return (images) => {
    for (const image of images) report(image, buildWithEngine(engine, image, baseImage));
    const references = images.map(({ reference }) => reference);
    if (push) pushImages(engine, references);
    if (load !== undefined) saveImages(engine, references, ARCHIVE);
  };
}

function hasApp({ id, app }: Image): boolean {
  const exists = existsSync(join(PROJECT, "apps", app, "src/main.ts"));
  if (!exists) say(`skipped ${id}: there is no app ${app}`);
  return exists;
}

function report({ reference, layer }: StagedImage, isUnchanged: boolean): void {
  const size = `${(layer.sizeBytes / BYTES_PER_MB).toFixed(2)} MB`;
  say(`${reference.padEnd(36)} application layer ${size.padStart(8)}${isUnchanged ? "  unchanged" : ""}`);
}

function writeDockerfiles(): void {
  for (const image of IMAGES)
    writeFileSync(join(PROJECT, "deploy/images", `${image.id}.Dockerfile`), dockerfile(image));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(sentence: string, exitCode: number): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(exitCode);
}
