import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const SAMPLES = resolve(import.meta.dirname, "../../../deploy/samples/article");

/** The article's manifests, by their paths below `deploy/samples/article`, joined into one text. */
export function article(...files: readonly string[]): string {
  return files.map((file) => readFileSync(join(SAMPLES, file), "utf8")).join("\n---\n");
}

/** The rating service and its two versions: v1 is 127.16.0.1, v2 is 127.16.0.2. */
export const RATING = article(
  "rating-service/service.yml",
  "rating-service/deployment-v1.yml",
  "rating-service/deployment-v2.yml",
);
