import type { BenchPorts } from "./bench-plan.ts";
import { freePort } from "./programs.ts";

/** A port for each part of a run. */
export async function freePorts(): Promise<BenchPorts> {
  return {
    backend: await freePort(),
    bookmeshPlain: await freePort(),
    bookmeshLog: await freePort(),
    nginxPlain: await freePort(),
    nginxLog: await freePort(),
    haproxyPlain: await freePort(),
    haproxyLog: await freePort(),
    envoyPlain: await freePort(),
    envoyLog: await freePort(),
    envoyAdmin: await freePort(),
    httpProxy: await freePort(),
  };
}
