import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The project's root folder. */
export const PROJECT = resolve(import.meta.dirname, "../../..");

/** Where images are put together. */
export const IMAGES_FOLDER = join(PROJECT, "dist/images");

/** Reads a JSON file of the project; who asks knows its form, since the project wrote it. */
export function readProjectJson(path: string): unknown {
  return JSON.parse(readFileSync(join(PROJECT, path), "utf8"));
}

/** The version of an app; its image's tag, where it has no other. */
export function appVersion(app: string): string {
  const { version } = readProjectJson(`apps/${app}/package.json`) as { readonly version: string };
  return version;
}
