import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BenchPorts } from "./bench-plan.ts";
import { backendConfig } from "./nginx-config.ts";
import { peers } from "./peers.ts";
import { programPath, start, type Running } from "./programs.ts";

/** What bookmesh is compared with. */
export type Peer = "nginx" | "haproxy" | "envoy" | "http-proxy";

/** A proxy under measurement, with its port for each scenario that it has. */
export interface Subject {
  readonly name: "bookmesh" | Peer;
  readonly process: Running;
  readonly ports: Readonly<Partial<Record<Scenario, number>>>;
}

/** What is measured: requests alone, or with a log line for each. */
export type Scenario = "plain" | "access-log";

/** Everything that a run needs, started; and what it has to do without. */
export interface Bench {
  readonly backend: Running;
  readonly subjects: readonly Subject[];
  readonly missing: readonly string[];
}

const program = (name: string) => new URL(name, import.meta.url).pathname;

/** Starts the backend and every proxy that this machine has. `folder` takes their logs. */
export async function startSubjects(folder: string, ports: BenchPorts): Promise<Bench> {
  const nginx = programPath("nginx");
  const subjects: Subject[] = [];
  const missing: string[] = [];
  writeFileSync(join(folder, "backend.conf"), backendConfig(folder, ports));
  const backendCommand = nginx
    ? [nginx, "-c", join(folder, "backend.conf")]
    : [process.execPath, program("backend.ts"), String(ports.backend)];
  const backend = await start("load", backendCommand, { port: ports.backend });

  const numbers = [ports.backend, ports.bookmeshPlain, ports.bookmeshLog].map(String);
  const bundle = await bundled(program("subject-bookmesh.ts"), folder);
  const bookmesh = [...SIDECAR_COMMAND, bundle, ...numbers, join(folder, "bookmesh.log")];
  subjects.push({
    name: "bookmesh",
    process: await start("proxy", bookmesh, { port: ports.bookmeshLog }),
    ports: { plain: ports.bookmeshPlain, "access-log": ports.bookmeshLog },
  });
  for (const { name, install, command, ports: own } of peers(folder, ports)) {
    if (command === undefined) {
      missing.push(`${name} is not installed (${install})`);
    } else {
      const port = own["access-log"] ?? own.plain ?? 0;
      subjects.push({ name, process: await start("proxy", command, { port }), ports: own });
    }
  }
  if (!programPath("wrk"))
    missing.push("wrk is not installed: the load comes from a slower generator in Node");
  if (!programPath("taskset")) missing.push("taskset is not installed: proxies are not pinned to a core");
  return { backend, subjects, missing };
}

/** What a sidecar runs with: its image's settings, and those that it gives itself. */
const SIDECAR_COMMAND = [
  ...["env", "MALLOC_ARENA_MAX=1", process.execPath, "--optimize-for-size"],
  ...["--semi-space-growth-factor=1", "--max-semi-space-size=1"],
];

const KOFFI = fileURLToPath(import.meta.resolve("koffi"));

/** Packages in the older module format expect `require` to be there. */
const REQUIRE =
  'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);';

/** One file of plain JavaScript, as images hold it: what runs as a pod is never compiled there. */
async function bundled(entry: string, folder: string): Promise<string> {
  const outfile = join(folder, "bookmesh.mjs");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    // Its native file is found beside its own code.
    alias: { koffi: KOFFI },
    external: [KOFFI],
    banner: { js: REQUIRE },
  });
  return outfile;
}
