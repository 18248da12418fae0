/**
 * Makes a clone ready for any npm script: installs from the lockfile when `node_modules` is missing or older than it.
 * Uses Node's built-ins only and runs on any Node from 18 on. What follows it in an npm script must be a new process,
 * so that the project's own Node (a pinned dependency) is found first on the path.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const OLDEST_SAFE_NODE = [24, 18, 1];

if (!isInstalled()) install();
warnOfOldNode();

function isInstalled() {
  const marker = join(root, "node_modules/.package-lock.json");
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

function install() {
  process.stderr.write("Installing what the lockfile names (once; a minute or two) …\n");
  const { status } = spawnSync("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    process.stderr.write("npm could not install the dependencies; what it said stands above.\n");
    process.exit(1);
  }
}

/** Where the registry has no Node of ours (macOS), the machine's own is used: it must not be a vulnerable one. */
function warnOfOldNode() {
  if (existsSync(join(root, "node_modules/.bin/node"))) return;
  const version = process.versions.node.split(".").map(Number);
  const difference =
    OLDEST_SAFE_NODE.map((part, index) => version[index] - part).find((part) => part !== 0) ?? 0;
  if (difference < 0) {
    process.stderr.write(
      `Node ${process.versions.node} is older than ${OLDEST_SAFE_NODE.join(".")}: please update it.\n`,
    );
  }
}
