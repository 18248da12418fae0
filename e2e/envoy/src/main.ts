/**
 * A stock Envoy in the place of our sidecar: takes the same arguments and environment as `sidecar-proxy`, so that any
 * pod can have it by annotation (`sidecar.istio.io/proxyImage`) and an image map. `ENVOY` names the program; it wants
 * a pod with a network of its own.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { askAdmin, readPodEnvironment, type AdminAnswer } from "@bookmesh/proxy-node";
import { ADMIN, sidecarBootstrap } from "./bootstrap.ts";

/** By then those who know the pod have heard that it is leaving. */
const DRAIN_MS = 5_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 200;

const [command = "proxy", ...words] = process.argv.slice(2);
switch (command) {
  case "proxy":
    runEnvoy();
    break;
  case "wait":
    process.exitCode = await waitUntilReady();
    break;
  case "request":
    process.exitCode = await request(words);
    break;
  default:
    process.stderr.write(`There is no command ${command}; there are: proxy, request METHOD PATH, wait.\n`);
    process.exitCode = 2;
}

function runEnvoy(): void {
  const pod = readPodEnvironment(process.env);
  const bootstrap = sidecarBootstrap(pod, readFileSync(pod.tokenFile, "utf8").trim());
  const program = process.env["ENVOY"] ?? "envoy";
  const args = ["--config-yaml", JSON.stringify(bootstrap), "--concurrency", "1", "--disable-hot-restart"];
  // Envoy opens /dev/stdout anew: that must be a pipe, and its own user's. Node's pipes are sockets; a shell makes one.
  // A process of its own group, so that it can drain; it ends with this one all the same.
  const shell = 'setpriv --pdeathsig TERM "$0" "$@" 2>&1 | cat';
  const command = ["--pdeathsig", "KILL", "sh", "-c", shell, program, ...args, "--log-level", "warn"];
  const envoy = spawn("setpriv", command, {
    stdio: ["ignore", "inherit", "inherit"],
    detached: true,
  });
  envoy.on("error", (error) => process.stderr.write(`${program} cannot be started: ${error.message}\n`));
  envoy.on("exit", (code) => process.exit(code ?? 1));
  process.once("SIGTERM", () => {
    void drain().finally(() => envoy.pid !== undefined && process.kill(-envoy.pid, "SIGTERM"));
  });
}

async function drain(): Promise<void> {
  await ask("POST", "/drain_listeners?inboundonly&graceful").catch(() => undefined); // it may have ended already
  await sleep(DRAIN_MS);
}

async function waitUntilReady(): Promise<number> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (performance.now() < deadlineMs) {
    const answer = await ask("GET", "/ready").catch(() => undefined); // not listening yet
    if (answer?.status === 200) return 0;
    await sleep(PAUSE_MS);
  }
  return 1;
}

async function request([method = "GET", path = "/"]: readonly string[]): Promise<number> {
  const { status, body } = await ask(method.toUpperCase(), path);
  process.stdout.write(body);
  return status < 400 ? 0 : 1;
}

function ask(method: string, path: string): Promise<AdminAnswer> {
  return askAdmin({ ...ADMIN, method, path });
}
