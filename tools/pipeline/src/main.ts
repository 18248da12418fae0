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
  if (command === undefined) return true;
  const since = ["--base", process.env["NX_BASE"] ?? "HEAD~1"];
  const answer: unknown = JSON.parse(run([...command, ...since], "pipe"));
  const affected = Array.isArray(answer) && answer.includes(packageOf(app));
  const outputs = process.env["GITHUB_OUTPUT"];
  if (outputs !== undefined) appendFileSync(outputs, `affected=${affected}\n`);
  say(affected ? "yes" : "no");
  return affected;
}

function run([program, ...words]: Command, output: "inherit" | "pipe"): string {
  const path = `${join(PROJECT, "node_modules/.bin")}${delimiter}${process.env["PATH"] ?? ""}`;
  const { status, error, stdout } = spawnSync(program, words, {
    cwd: PROJECT,
    stdio: ["ignore", output, "inherit"],
    encoding: "utf8",
    env: { ...process.env, PATH: path, NX_DAEMON: "false" },
  });
  if (error !== undefined) throw new Error(`${program} did not start: ${error.message}.`);
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
