/** Runs the pipeline of an app, the same steps as in CI. */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { messageOf } from "@bookmesh/kernel";
import { appFolders } from "./app-folders.ts";
import { packageOf, type App } from "./apps.ts";
import { readRequest } from "./options.ts";
import type { Command, Project, Step } from "./steps.ts";
import { workflows } from "./workflows.ts";

const PROJECT = resolve(import.meta.dirname, "../../..");
const DEFAULT_HUB = "bookmesh";
/** How to get a program that a step needs and npm does not bring. */
const ADVICE: Readonly<Record<string, string>> = {
  helm: "There is no helm on the path, which checks the chart: `brew install helm`, or a binary from https://helm.sh.",
};

const request = readRequest(process.argv.slice(2));
try {
  if (!request.ok) throw new Error(request.error);
  if (request.value.kind === "write-workflows") writeWorkflows();
  else runPipeline(request.value.app, request.value.steps);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = request.ok ? 1 : 2;
}

function runPipeline(app: App, steps: readonly Step[]): void {
  const project = { folders: appFolders(app.name, PROJECT), hub: process.env["BOOKMESH_HUB"] ?? DEFAULT_HUB };
  for (const step of steps) {
    say(`\n=== ${app.name}: ${step.name} (${step.title})`);
    if (step.name === "affected") {
      if (!isAffected(app, step.commands(app, project))) {
        say(`Nothing that ${app.name} is made of changed. Its other steps: --from build.`);
        return;
      }
    } else runStep(step, app, project);
  }
}

function runStep(step: Step, app: App, project: Project): void {
  const commands = step.commands(app, project);
  if (commands.length === 0) say(`${app.name} has none.`);
  for (const command of commands) run(command, "inherit");
}

/** Whether the app changed since `NX_BASE`, or the commit before this one; GitHub's next steps are told. */
function isAffected(app: App, [command]: readonly Command[]): boolean {
  const base = process.env["NX_BASE"] ?? "HEAD~1";
  const affected = command === undefined || !hasCommit(base) || changedSince(base, app, command);
  const outputs = process.env["GITHUB_OUTPUT"];
  if (outputs !== undefined) appendFileSync(outputs, `affected=${affected}\n`);
  say(affected ? "yes" : "no");
  return affected;
}

/** Whether there is a commit to compare with: before a first push, or in a shallow clone, there is none. */
function hasCommit(base: string): boolean {
  const words = ["rev-parse", "--verify", "--quiet", `${base}^{commit}`];
  const isThere = spawnSync("git", words, { cwd: PROJECT, stdio: "ignore" }).status === 0;
  if (!isThere) say(`There is no commit ${base} to compare with, so everything counts as changed.`);
  return isThere;
}

function changedSince(base: string, app: App, command: Command): boolean {
  const answer: unknown = JSON.parse(run([...command, "--base", base], "pipe"));
  return Array.isArray(answer) && answer.includes(packageOf(app));
}

function run([program, ...words]: Command, output: "inherit" | "pipe"): string {
  const path = `${join(PROJECT, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const { status, error, stdout } = spawnSync(program, words, {
    cwd: PROJECT,
    stdio: ["ignore", output, "inherit"],
    encoding: "utf8",
    env: { ...process.env, PATH: path, NX_DAEMON: "false" },
  });
  if (error !== undefined) throw new Error(ADVICE[program] ?? `${program} did not start: ${error.message}.`);
  if (status !== 0) throw new Error(`${[program, ...words].join(" ")} failed; what it said stands above.`);
  return output === "pipe" ? stdout : "";
}

function writeWorkflows(): void {
  const folder = join(PROJECT, ".github/workflows");
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of workflows()) writeFileSync(join(folder, file), content);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
