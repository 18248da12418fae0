import { existsSync, readFileSync } from "node:fs";
import { readImageMap, type ImageMap } from "@bookmesh/processes";
import { messageOf } from "@bookmesh/kernel";
import type { Logger } from "@bookmesh/node-host";
import { parse } from "yaml";

/** The entries of several image-map files, those of the first file first. A file that does not exist has none. */
export function imageMaps(files: readonly string[], logger: Logger): () => ImageMap {
  return () => files.flatMap((file) => readFile(file, logger));
}

function readFile(file: string, logger: Logger): ImageMap {
  if (!existsSync(file)) return [];
  try {
    const map = readImageMap(parse(readFileSync(file, "utf8")), file);
    if (map.ok) return map.value;
    logger.error(map.error);
  } catch (error) {
    logger.error(`${file} cannot be read: ${messageOf(error)}`);
  }
  return [];
}
