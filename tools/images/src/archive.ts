import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { CONTENT_LABEL, entrypoint, labels, PATH, type Image } from "./images.ts";
import type { Layer } from "./layer.ts";
import { TAR_END, tarHeader, tarPadding } from "./tar.ts";

/** An image that our own writer has put together. */
export interface WrittenImage {
  /** `hub/name:tag`. */
  readonly reference: string;
  /** From the base to the application. */
  readonly layers: readonly Layer[];
  /** The image's configuration, as JSON. */
  readonly config: string;
}

/** What an image's configuration says beyond the table. */
export interface Provenance {
  readonly version: string;
  readonly revision: string;
  readonly content: string;
}

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };
const SECOND_NS = 1_000_000_000;

/** The configuration of an image. Source: OCI image spec 1.1, "Image Configuration"; Healthcheck is Docker's. */
export function imageConfig(image: Image, layers: readonly Layer[], provenance: Provenance): string {
  const { user, env, ports, healthCheck } = image;
  const { version, revision, content } = provenance;
  return JSON.stringify({
    architecture: ARCHITECTURES[process.arch] ?? process.arch,
    os: "linux",
    config: {
      User: `${user}:${user}`,
      Env: Object.entries({ PATH, ...env }).map(([name, value]) => `${name}=${value}`),
      Entrypoint: entrypoint(image),
      WorkingDir: "/",
      StopSignal: "SIGTERM",
      ...(ports.length > 0 && {
        ExposedPorts: Object.fromEntries(ports.map((port) => [`${port}/tcp`, {}])),
      }),
      ...(healthCheck !== undefined && {
        Healthcheck: {
          Test: ["CMD", ...healthCheck],
          Interval: 5 * SECOND_NS,
          Timeout: 3 * SECOND_NS,
          StartPeriod: 10 * SECOND_NS,
        },
      }),
      Labels: {
        ...labels(image),
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.revision": revision,
        [CONTENT_LABEL]: content,
      },
    },
    rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
  });
}

/** Writes images into one archive as `docker save` does, each layer once. */
export function writeArchive(images: readonly WrittenImage[], file: string): void {
  const output = openSync(file, "w");
  const add = (path: string, content: Buffer): void => {
    writeSync(output, tarHeader({ path, mode: 0o644, kind: "file", sizeBytes: content.length }));
    writeSync(output, content);
    writeSync(output, tarPadding(content.length));
  };
  try {
    const manifest = images.map(({ reference, layers, config }) => ({
      Config: `${hexSha256(config)}.json`,
      RepoTags: [reference],
      Layers: layers.map(layerName),
    }));
    add("manifest.json", Buffer.from(JSON.stringify(manifest)));
    for (const { config } of images) add(`${hexSha256(config)}.json`, Buffer.from(config));
    const layers = new Map(images.flatMap((image) => image.layers).map((layer) => [layer.digest, layer]));
    for (const layer of layers.values()) add(layerName(layer), readFileSync(layer.file));
    writeSync(output, TAR_END);
  } finally {
    closeSync(output);
  }
}

function layerName({ digest }: Layer): string {
  return `${digest.replace("sha256:", "")}.tar`;
}

function hexSha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
