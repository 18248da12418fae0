import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { DATA_PLANE, mapEnvoyImage } from "./data-plane.ts";
import { ROOT, type Platform } from "./platform.ts";

/** A local cluster that the suite started. */
export interface Laptop extends Platform {
  /** Starts it again on the same state, after `stop` or a crash. */
  restart(): Promise<void>;
  /** Ends its main process as a power cut would. */
  kill(): Promise<void>;
}

const STOP_TIMEOUT_MS = 15_000;

/** Starts an empty local cluster of its own, beside whatever else runs on this machine. */
export async function startLaptop(env: NodeJS.ProcessEnv = process.env): Promise<Laptop> {
  const home = mkdtempSync(join(tmpdir(), "bookmesh-stories-"));
  if (DATA_PLANE === "envoy") mapEnvoyImage(home);
  const address = await freeAddress();
  const log = join(home, "local-cluster.log");
  let cluster = await launch({ home, address, log, env });
  return {
    address,
    home,
    kubeconfig: join(home, "kubeconfig"),
    stop: async () => {
      await end(cluster, "SIGTERM");
      if (process.env["KEEP_HOME"] === undefined) rmSync(home, { recursive: true, force: true });
    },
    kill: () => end(cluster, "SIGKILL"),
    restart: async () => {
      await end(cluster, "SIGTERM");
      cluster = await launch({ home, address, log, env });
    },
  };
}

interface Launch {
  readonly home: string;
  readonly address: string;
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
}

async function launch({ home, address, log, env }: Launch): Promise<ChildProcess> {
  const file = openSync(log, "a");
  const started = readFileSync(log, "utf8").length;
  const child = spawn(process.execPath, [join(ROOT, "dist/local-cluster.mjs"), "--empty"], {
    env: { ...env, BOOKMESH_HOME: home, BOOKMESH_ADDRESS: address },
    stdio: ["ignore", file, file],
  });
  await eventually(
    () => {
      const text = readFileSync(log, "utf8").slice(started);
      if (child.exitCode !== null)
        throw new Error(`The local cluster ended with ${child.exitCode}:\n${text}`);
      if (!text.includes("The local cluster is ready"))
        throw new Error(`The local cluster is not ready:\n${text}`);
    },
    { timeoutMs: 30_000 },
  );
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise<void>((resolveClosed) => child.once("exit", () => resolveClosed()));
  child.kill(signal);
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await closed;
  clearTimeout(timer);
}

/** The first loopback address from 127.0.0.11 on whose API port nobody holds. */
async function freeAddress(): Promise<string> {
  for (let last = 11; last < 99; last += 1) {
    if (await isFree(`127.0.0.${last}`)) return `127.0.0.${last}`;
  }
  throw new Error("No loopback address from 127.0.0.11 to 127.0.0.98 has its port 6443 free.");
}

function isFree(address: string): Promise<boolean> {
  return new Promise((resolveFree) => {
    const server = createServer();
    server.once("error", () => resolveFree(false));
    server.listen(6443, address, () => server.close(() => resolveFree(true)));
  });
}
