/**
 * `npm start`: bundles what runs as pods, where a source is newer than its bundle, and becomes the local cluster
 * (`apps/local-cluster`, whose flags it takes: `--empty`, `--fresh`).
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const CLUSTER = join(root, "dist/local-cluster.mjs");

if (isStale(CLUSTER)) execFileSync(process.execPath, [join(root, "tools/bundle.mjs")], { stdio: "inherit" });
await import(CLUSTER);

function isStale(bundle) {
  if (!existsSync(bundle)) return true;
  const { mtimeMs } = statSync(bundle);
  return ["apps", "libs", "tools/bundle.mjs", "package-lock.json"].some(
    (path) => newestMs(join(root, path)) > mtimeMs,
  );
}

/** A folder's own time tells of files that are gone. */
function newestMs(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  const inside = readdirSync(path).filter((name) => name !== "node_modules");
  return Math.max(stats.mtimeMs, ...inside.map((name) => newestMs(join(path, name))));
}
