/**
 * Every law of the repository by one command: format, lint, types, generated files, dead code, repeated code, measures.
 * Runs all of them, prints a line for each, and exits 1 when one is broken.
 *
 * Usage: node tools/check.mjs [name …]     (all of them where none is named)
 */
import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const bin = (name) => join(root, "node_modules/.bin", name);

const CHECKS = [
  { name: "format", command: [bin("prettier"), "--check", "--log-level=warn", "."] },
  // The boundaries rule reads the project graph that this command writes.
  { name: "graph", command: [bin("nx"), "show", "projects"] },
  { name: "lint", command: [bin("eslint"), "--max-warnings=0", "apps", "libs", "e2e", "tools"] },
  { name: "types", command: [bin("tsc"), "-p", "."] },
  { name: "generated", command: [process.execPath, "tools/generate/check.mjs"] },
  { name: "dead code", command: [bin("knip")] },
  {
    name: "repeated code",
    command: [
      bin("jscpd"),
      "--mode",
      "weak",
      "--min-tokens",
      "50",
      "--min-lines",
      "6",
      "--threshold",
      "2",
      "--reporters",
      "console",
      "--silent",
      "--ignore",
      "**/generated/**,**/*.spec.ts,**/*.story.ts,**/node_modules/**,**/dist/**",
      "--pattern",
      "**/*.ts",
      "apps",
      "libs",
    ],
  },
  { name: "measures", command: [process.execPath, "tools/measure/measure.mjs"] },
];

const wanted = process.argv.slice(2);
const failures = CHECKS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).filter(fails);
const ran = wanted.length === 0 ? CHECKS.length : wanted.length;
process.stdout.write(`\n${ran - failures.length} passed, ${failures.length} failed\n`);
process.exit(failures.length > 0 ? 1 : 0);

function fails({ name, command: [program, ...args] }) {
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NX_DAEMON: "false", FORCE_COLOR: "0" },
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  process.stdout.write(`${status === 0 ? "✔" : "✖"} ${name} (${seconds} s)\n`);
  if (status !== 0) process.stdout.write(`${stdout}${stderr}\n`);
  return status !== 0;
}
