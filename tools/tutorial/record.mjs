/**
 * Runs the commands of the tutorial against a running platform and puts what they print into the chapters, so that
 * no output in them is made up.
 *
 * Usage: node tools/tutorial/record.mjs [--kind] docs/tutorial/1-install.md …     (chapters build on each other: keep their order)
 *
 * Without `--kind` the blocks marked `console` are recorded, on the local cluster. With it those marked `console kind`
 * are, on the cluster of `npm run kind:up` or the one in `KUBECONFIG`; the commands of all other blocks are run there
 * too, in their order and not shown, but for those that a `console kind` block of the same section repeats.
 * In a block marked so a line that begins with `$ ` is a command; a backslash at its end continues it. The lines
 * up to the next command are its output and are replaced. Blocks marked otherwise are left alone.
 * A comment above a block steers it:
 *
 *     <!-- before: COMMAND -->   is run first and not shown, for instance to wait for pods
 *     <!-- keep: PATTERN -->     only lines that match are shown; "…" stands for the others
 *
 * Pods are called differently in every run: names of an earlier run are replaced by those of this one, in the commands
 * before they run and in the prose afterwards. `BOOKMESH_ADDRESS` and `BOOKMESH_HOME` say which platform, as for
 * `npm start`; the chapters always show the standard address and the pod network that belongs to it.
 * It needs kubectl and util-linux's `script`, which makes the programs see a terminal, as a reader's do.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const STANDARD_ADDRESS = "127.0.0.1";
const address = process.env.BOOKMESH_ADDRESS ?? STANDARD_ADDRESS;
/** The names that a Deployment gives to its pods: the alphabet of the two last parts has no vowels. */
const POD_NAME =
  /\b([a-z][a-z0-9-]*?)-[bcdfghjklmnpqrstvwxz2456789]{6,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { kind: { type: "boolean", default: false } },
});
const mark = values.kind ? "console kind" : "console";
const BLOCK = /((?:<!-- (?:before|keep): .* -->\n)*)```(console(?: kind)?)\n([\s\S]*?)```\n/g;
const SECTION = /^(?=## )/m;
const KIND_BLOCK = /(```console kind\n[\s\S]*?```\n)/;

const env = {
  ...process.env,
  KUBECONFIG: values.kind
    ? (process.env.KUBECONFIG ?? join(root, ".bookmesh/kind.kubeconfig"))
    : join(process.env.BOOKMESH_HOME ?? join(root, ".bookmesh"), "kubeconfig"),
  PATH: [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
  SHELL: "/bin/bash",
  TERM: "dumb",
  NO_COLOR: "1",
};

const chapters = positionals.map((path) => resolve(path));
if (chapters.length === 0) throw new Error("Name the chapters to record, in their order.");
for (const chapter of chapters) {
  const sections = readFileSync(chapter, "utf8").split(SECTION);
  writeFileSync(chapter, sections.map(record).join(""));
}
for (const chapter of chapters) {
  const pods = podsByWorkload();
  // The pods of the two clusters have names of their own, each in its own blocks.
  const parts = readFileSync(chapter, "utf8").split(KIND_BLOCK);
  const named = parts.map((part) => (KIND_BLOCK.test(part) === values.kind ? withNamesOf(pods, part) : part));
  writeFileSync(chapter, named.join(""));
}

function record(section) {
  const repeated = values.kind ? commandsOfKind(section) : new Set();
  return section.replaceAll(BLOCK, (block, comments, marked, body) => {
    if (marked !== mark && !values.kind) return block;
    const before = /<!-- before: (.*) -->/.exec(comments)?.[1];
    const keep = /<!-- keep: (.*) -->/.exec(comments)?.[1];
    if (before !== undefined) run(onPlatform(before));
    if (marked !== mark) {
      for (const command of commandsOf(body)) if (!repeated.has(anonymous(command))) runNamed(command);
      return block;
    }
    const steps = commandsOf(body).map((command) => {
      const { named, output } = runNamed(command);
      return `$ ${named}\n${kept(keep, shown(output))}`;
    });
    return `${comments}\`\`\`${mark}\n${steps.join("")}\`\`\`\n`;
  });
}

function commandsOfKind(section) {
  const blocks = [...section.matchAll(BLOCK)].filter(([, , marked]) => marked === "console kind");
  return new Set(blocks.flatMap(([, , , body]) => commandsOf(body).map(anonymous)));
}

/** The command without what tells the pods of one run from those of another. */
function anonymous(command) {
  return command.replaceAll(POD_NAME, "$1");
}

/** Runs a command with this run's pods in the place of an earlier one's. */
function runNamed(command) {
  const named = withNamesOf(podsByWorkload(), command);
  return { named, output: run(onPlatform(named)) };
}

function commandsOf(body) {
  return [...body.matchAll(/^\$ ((?:.*\\\n)*.*)$/gm)].map(([, command]) => command);
}

function run(command) {
  process.stderr.write(`$ ${command}\n`);
  const { stdout, error } = spawnSync("script", ["-qec", command, "/dev/null"], {
    cwd: root,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (error) throw error;
  return stdout;
}

/** The command as it must read for the platform that is recorded. */
function onPlatform(command) {
  return command.replaceAll(STANDARD_ADDRESS, address);
}

/** The output as it would read on the standard address, without what only a terminal wants. */
function shown(output) {
  const [, , , host] = address.split(".").map(Number);
  const text = output
    .replaceAll("\r\n", "\n")
    .replaceAll(/^.*\r/gm, "") // overwritten by what follows it
    .replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "")
    .replaceAll("\0", "") // kubectl passes on what `script` types to say that nothing more will come
    .replaceAll(address, STANDARD_ADDRESS)
    .replaceAll(`127.${15 + host}.`, "127.16.")
    .replaceAll(`127.${143 + host}.`, "127.144.")
    .replaceAll(root, "~/bookmesh");
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function kept(pattern, output) {
  if (pattern === undefined) return output;
  const wanted = new RegExp(pattern);
  const lines = output.trimEnd().split("\n");
  return lines
    .map((line) => (wanted.test(line) ? line : "…"))
    .filter((line, index, all) => line !== "…" || all[index - 1] !== "…")
    .map((line) => `${line}\n`)
    .join("");
}

/** The name of a running pod of each Deployment. */
function podsByWorkload() {
  const { stdout } = spawnSync("kubectl", ["get", "pods", "-A", "-o", "name"], { env, encoding: "utf8" });
  const names = [...(stdout ?? "").matchAll(POD_NAME)];
  return new Map(names.map(([name, workload]) => [workload, name]));
}

function withNamesOf(pods, text) {
  return text.replaceAll(POD_NAME, (name, workload) => pods.get(workload) ?? name);
}
