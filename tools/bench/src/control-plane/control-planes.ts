import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, onCore, programPath } from "../programs.ts";
import type { MeshApi } from "./mesh-api.ts";

/** What our control plane is compared with, and what ours is called beside it. */
export type ControlPlaneName = "bookmesh" | "istiod";

/** A control plane that can be started, any number of times. */
export interface ControlPlane {
  readonly name: ControlPlaneName;
  /** Starts it in front of a mesh; resolves at once. */
  start(api: MeshApi): Promise<StartedControlPlane>;
}

/** One that is starting, or has started. */
export interface StartedControlPlane {
  readonly pid: number;
  /** Where it serves ADS in the clear. */
  readonly ads: string;
  /** Answers 200 from when it is ready. */
  readonly readyUrl: string;
  /** Lets it end by itself; resolves when it has. */
  end(): Promise<void>;
}

const HOST = "127.0.0.1";

/** Ours, as images hold it: one bundle of plain JavaScript. It is made in `folder`. */
export function bookmeshControlPlane(folder: string): ControlPlane {
  const bundler = new URL("../../../bundle.mjs", import.meta.url).pathname;
  execFileSync(process.execPath, [bundler, "--outdir", folder, "control-plane"], { stdio: "inherit" });
  return {
    name: "bookmesh",
    async start({ address, port, mounts }) {
      const [ads, monitoring, xds, webhooks] = await freePorts();
      const program = [process.execPath, join(folder, "control-plane.mjs"), "discovery"];
      const running = run([...program, "--plaintext-xds", `${HOST}:${ads}`], folder, {
        BIND_ADDRESS: HOST,
        ...{ XDS_PORT: String(xds), MONITORING_PORT: String(monitoring), WEBHOOK_PORT: String(webhooks) },
        ...{ KUBERNETES_SERVICE_HOST: address, KUBERNETES_SERVICE_PORT: String(port) },
        CONTAINER_SANDBOX_MOUNT_POINT: mounts,
        TERMINATION_DRAIN_DURATION_SECONDS: "0",
      });
      return { ...running, ads: `${HOST}:${ads}`, readyUrl: `http://${HOST}:${monitoring}/ready` };
    },
  };
}

/** Istio's own program, unmodified; `undefined` where this machine does not have it. */
export function istiodControlPlane(folder: string): ControlPlane | undefined {
  const program = programPath("pilot-discovery");
  if (program === undefined) return undefined;
  const meshConfig = join(folder, "mesh.yaml");
  // Nor does ours read Ingresses.
  writeFileSync(meshConfig, 'ingressControllerMode: "OFF"\n');
  return {
    name: "istiod",
    async start({ kubeconfig }) {
      const [ads, http, monitoring] = await freePorts();
      const command = [
        ...[program, "discovery", "--kubeconfig", kubeconfig, "--meshConfig", meshConfig],
        ...["--grpcAddr", `${HOST}:${ads}`, "--httpAddr", `${HOST}:${http}`],
        ...["--monitoringAddr", `${HOST}:${monitoring}`, "--secureGRPCAddr", "", "--httpsAddr", ""],
        ...["--ctrlz_port", "0"],
      ];
      const running = run(command, folder, {
        ...{ HOME: folder, POD_NAME: "istiod-0", POD_NAMESPACE: "istio-system" },
        ...NO_LIMIT_OF_STREAMS,
      });
      return { ...running, ads: `${HOST}:${ads}`, readyUrl: `http://${HOST}:${http}/ready` };
    },
  };
}

/** Its own limit of new streams a second is a setting, and would be all that many proxies at once show. */
const NO_LIMIT_OF_STREAMS = { PILOT_MAX_REQUESTS_PER_SECOND: "100000" };

async function freePorts(): Promise<readonly [number, number, number, number]> {
  return [await freePort(), await freePort(), await freePort(), await freePort()];
}

function run(
  command: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Pick<StartedControlPlane, "pid" | "end"> {
  const [file, args] = onCore("proxy", command);
  const child = spawn(file, args, { cwd, env: { PATH: process.env["PATH"], ...env }, stdio: "ignore" });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} could not be started.`);
  process.once("exit", () => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  return {
    pid,
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
