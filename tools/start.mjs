/**
 * `npm start`: bundles what runs as pods and becomes the local cluster (`apps/local-cluster`, whose flags it takes:
 * `--empty`, `--fresh`).
 */
import { execFileSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");

execFileSync(process.execPath, [join(root, "tools/bundle.mjs")], { stdio: "inherit" });
await import(join(root, "dist/local-cluster.mjs"));
