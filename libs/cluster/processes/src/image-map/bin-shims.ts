import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { shellWord } from "@bookmesh/node-host";
import { join } from "node:path";
import { fillTemplate, type ImageMap } from "./image-map.ts";

/** Writes a small script for every program that the image map names, so that `exec` finds it by that name. */
export function writeBinShims(
  directory: string,
  imageMap: ImageMap,
  templateValues: Readonly<Record<string, string>>,
): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, command] of imageMap.flatMap(({ bin }) => Object.entries(bin ?? {}))) {
    if (!/^[\w.-]+$/.test(name)) continue; // a name with a slash would leave the directory
    const words = command.map((word) => shellWord(fillTemplate(word, templateValues)));
    writeFileSync(join(directory, name), `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o755 });
  }
}
