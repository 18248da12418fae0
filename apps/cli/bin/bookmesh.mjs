#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const OWN_NODE = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));
const major = Number(process.versions.node.split(".")[0]);

// Started by an old Node, outside of npm's path: the project's own runs the source.
if (major < 24 && existsSync(OWN_NODE)) {
  const { status } = spawnSync(OWN_NODE, process.argv.slice(1), { stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  await import("../src/main.ts");
}
