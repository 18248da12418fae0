/** Brings a kind cluster with Bookmesh's images up, runs the stories on it, and takes it down. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "@bookmesh/kernel";
import { parse, stringify } from "yaml";
import { layOver } from "./lay-over.ts";
import { missingTools } from "./missing-tools.ts";
import { kindSettings, type KindSettings } from "./settings.ts";

/** kind makes it with the first cluster, and leaves it after the last. */
const KIND_NETWORK = "kind";
const PROJECT = resolve(import.meta.dirname, "../../..");
const COMMANDS: Readonly<Record<string, (settings: KindSettings, words: readonly string[]) => void>> = {
  up,
  e2e,
  down,
};

const [name = "", ...words] = process.argv.slice(2);
const command = COMMANDS[name];
try {
  if (command === undefined) throw new Error(`There is no command "${name}"; there are: up, e2e, down.`);
  const settings = kindSettings(process.env, PROJECT);
  const missing = missingTools(settings.provider);
  if (missing.length > 0) throw new Error(missing.join("\n"));
  command(settings, words);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}

/** Creates the cluster unless it runs, and loads the images into it. */
function up(settings: KindSettings, words: readonly string[]): void {
  if (!clusters().includes(settings.name)) createCluster(settings);
  run(process.execPath, ["tools/images/src/main.ts", "--load", "kind", ...words]);
  process.stdout.write(`kind cluster ${settings.name} is up: export KUBECONFIG=${settings.kubeconfig}\n`);
}

function e2e({ kubeconfig }: KindSettings, words: readonly string[]): void {
  run(process.execPath, ["tools/e2e.mjs", "--target", "kind", "--kubeconfig", kubeconfig, ...words]);
}

/** Deletes the cluster, what we have written for it, and the network of kind's where no other cluster needs it. */
function down({ name, kubeconfig, provider = "docker" }: KindSettings): void {
  run("kind", ["delete", "cluster", "--name", name, "--kubeconfig", kubeconfig]);
  rmSync(kubeconfig, { force: true });
  const isLast = clusters().every((cluster) => cluster === "");
  if (isLast) spawnSync(provider, ["network", "rm", KIND_NETWORK], { stdio: "ignore" });
}

function createCluster({ name, nodeImage, config, afterCreate, kubeconfig }: KindSettings): void {
  mkdirSync(dirname(kubeconfig), { recursive: true });
  const configFile = join(dirname(kubeconfig), "kind.yml");
  writeFileSync(configFile, stringify(clusterConfig(config)));
  const image = nodeImage === undefined ? [] : ["--image", nodeImage];
  try {
    run("kind", [
      "create",
      "cluster",
      "--name",
      name,
      "--config",
      configFile,
      "--kubeconfig",
      kubeconfig,
      ...image,
    ]);
  } finally {
    rmSync(configFile);
  }
  for (const file of afterCreate)
    run("kubectl", ["--kubeconfig", kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", file]);
}

/** Our configuration, with another laid over it where one is named. */
function clusterConfig(file: string | undefined): unknown {
  const read = (path: string): unknown => parse(readFileSync(path, "utf8"));
  const ours = read(join(PROJECT, "deploy/kind/kind.yml"));
  return file === undefined ? ours : layOver(ours, read(file));
}

function clusters(): readonly string[] {
  const { stdout } = spawnSync("kind", ["get", "clusters"], { encoding: "utf8" });
  return stdout.split("\n");
}

function run(program: string, words: readonly string[]): void {
  const { status, error } = spawnSync(program, words, { cwd: PROJECT, stdio: "inherit", env: environment() });
  if (error !== undefined) throw new Error(`${program} did not start: ${error.message}.`);
  if (status !== 0)
    throw new Error(`${program} ${words.slice(0, 3).join(" ")} failed; what it said stands above.`);
}

/** kind loads images into the cluster that the environment names. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, KIND_CLUSTER_NAME: kindSettings(process.env, PROJECT).name };
}
