/**
 * Makes a clone ready for any npm script: installs from the lockfile what `node_modules` lacks or has in another version.
 * Uses Node's built-ins only and runs on any Node from 18 on. What follows it in an npm script must be a new process,
 * so that the project's own Node (a pinned dependency) is found first on the path.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const OLDEST_SAFE_NODE = [24, 18, 1];

const WANTED = join(root, "package-lock.json");
/** What npm writes when it has installed. */
const INSTALLED = join(root, "node_modules/.package-lock.json");
const FOLDER = "node_modules/";
const NAMED_AT_MOST = 5;

if (!existsSync(INSTALLED)) {
  install("Installing what the lockfile names (once; a minute or two) …", "ci");
} else if (statSync(INSTALLED).mtimeMs < statSync(WANTED).mtimeMs) {
  const changed = changedPackages();
  if (changed.length > 0) {
    rmSync(INSTALLED); // npm believes it, not the folders; it writes it anew
    // In place, and nothing is saved: other programs of this clone may be running.
    install(`Installing what has changed in the lockfile: ${listOf(changed)} …`, "install", "--no-save");
  }
}
warnOfOldNode();

/** The packages that are installed otherwise than the lockfile wants; optional ones may be for other machines. */
function changedPackages() {
  const { packages } = JSON.parse(readFileSync(WANTED, "utf8"));
  return Object.entries(packages)
    .filter(([path, wanted]) => path.includes(FOLDER) && !isInstalled(path, wanted))
    .map(([path]) => path.slice(path.lastIndexOf(FOLDER) + FOLDER.length));
}

function isInstalled(path, { link, optional, version }) {
  const manifest = join(root, path, "package.json");
  if (!existsSync(manifest)) return optional === true;
  return link === true || JSON.parse(readFileSync(manifest, "utf8")).version === version;
}

function listOf(names) {
  const more = names.length - NAMED_AT_MOST;
  return `${names.slice(0, NAMED_AT_MOST).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function install(sentence, ...command) {
  process.stderr.write(`${sentence}\n`);
  const { status } = spawnSync("npm", [...command, "--no-fund", "--no-audit", "--loglevel=error"], {
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
