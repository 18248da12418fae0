import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { CONTENT_LABEL } from "./images.ts";
import { IMAGES_FOLDER, PROJECT } from "./project.ts";
import type { StagedImage } from "./staged-image.ts";

/** A container engine's command. */
export type Engine = "docker" | "podman";

const ENGINES: readonly Engine[] = ["docker", "podman"];

/** The first engine that answers; a client alone, whose daemon does not run, is none. */
export function findEngine(): Engine | undefined {
  return ENGINES.find((engine) => spawnSync(engine, ["info"], { stdio: "ignore" }).status === 0);
}

/** Builds an image by its Dockerfile, unless the engine has one of the same content. Says whether it had. */
export function buildWithEngine(engine: Engine, staged: StagedImage, baseImage: string | undefined): boolean {
  const reference = fullReference(staged.reference);
  if (contentOf(engine, reference) === staged.content) return true;
  const { image, version, revision, content } = staged;
  const values = { ROOT: "staged", VERSION: version, REVISION: revision, CONTENT: content };
  const base = baseImage === undefined ? {} : { BASE_IMAGE: baseImage };
  run(engine, [
    "build",
    // Of podman's two formats only Docker's has health checks.
    ...(engine === "podman" ? ["--format", "docker"] : []),
    ...Object.entries({ ...values, ...base }).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    "--file",
    join(PROJECT, "deploy/images", `${image.id}.Dockerfile`),
    "--tag",
    reference,
    join(IMAGES_FOLDER, image.id),
  ]);
  return false;
}

/** Writes images that an engine has into one archive. */
export function saveImages(engine: Engine, references: readonly string[], file: string): void {
  rmSync(file, { force: true }); // podman writes over no archive
  const several = engine === "podman" ? ["--multi-image-archive"] : [];
  run(engine, ["save", ...several, "--output", file, ...references.map(fullReference)]);
}

/** Sends images to their registries, which the engine must be logged in to. */
export function pushImages(engine: Engine, references: readonly string[]): void {
  for (const reference of references) run(engine, ["push", fullReference(reference)]);
}

/** A name with its registry: podman and Kubernetes differ in what they take for granted. */
export function fullReference(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return hasRegistry ? reference : `docker.io/${reference}`;
}

function contentOf(engine: Engine, reference: string): string | undefined {
  const format = `{{ index .Config.Labels "${CONTENT_LABEL}" }}`;
  const { status, stdout } = spawnSync(engine, ["image", "inspect", "--format", format, reference], {
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

function run(engine: Engine, words: readonly string[]): void {
  const { status } = spawnSync(engine, words, { stdio: "inherit" });
  if (status !== 0) throw new Error(`${engine} ${words[0] ?? ""} failed; what it said stands above.`);
}
