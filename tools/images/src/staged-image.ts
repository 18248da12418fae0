import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { dockerfile } from "./dockerfile.ts";
import type { Image } from "./images.ts";
import { isStaged } from "./inputs.ts";
import { writeLayer, type Layer } from "./layer.ts";
import { appVersion, IMAGES_FOLDER, PROJECT } from "./project.ts";
import { stage } from "./stage.ts";

/** An image whose own files lie ready, and what is written into it. */
export interface StagedImage {
  readonly image: Image;
  /** `hub/name:tag`. */
  readonly reference: string;
  /** The application's files, as one layer. */
  readonly layer: Layer;
  readonly version: string;
  readonly revision: string;
  /** A hash of what the image is made of, its base apart. */
  readonly content: string;
  /** Whether it was staged anew, because something that it is made of changed. */
  readonly isNew: boolean;
}

/** How images are named, and whether they are made anew when nothing changed. */
export interface Staging {
  readonly hub: string;
  readonly all: boolean;
}

/** Stages an image, unless what is staged is what would come of it. */
export function stagedImage(image: Image, { hub, all }: Staging): StagedImage {
  const isNew = all || !isStaged(image);
  if (isNew) stage(image);
  const folder = join(IMAGES_FOLDER, image.id);
  const layer = writeLayer(join(folder, "root"), join(folder, "layer.tar"));
  const version = image.tag ?? appVersion(image.app);
  const content = createHash("sha256").update(dockerfile(image)).update(layer.digest).digest("hex");
  return {
    image,
    reference: `${hub}/${image.name}:${version}`,
    layer,
    version,
    revision: revision(),
    content,
    isNew,
  };
}

/** The commit that is checked out. */
function revision(): string {
  const { status, stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: PROJECT, encoding: "utf8" });
  return status === 0 ? stdout.trim() : "unknown";
}
