import { controlPlaneEnv } from "./control-plane-env.ts";

/** Asks this pod's own debug port and prints the answer; returns the exit code. */
export async function request(env: NodeJS.ProcessEnv, [method, path]: readonly string[]): Promise<number> {
  if (method === undefined || path?.startsWith("/") !== true) {
    process.stderr.write("Usage: control-plane request GET /debug/syncz\n");
    return 2;
  }
  const { host, monitoringPort } = controlPlaneEnv(env).addresses;
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  const { status, body } = await ask(`http://${reachable}:${monitoringPort}${path}`, method);
  process.stdout.write(body);
  return status < 400 ? 0 : 1;
}

async function ask(url: string, method: string): Promise<{ readonly status: number; readonly body: string }> {
  const { request: send } = await import("node:http");
  const { text } = await import("node:stream/consumers");
  return new Promise((resolve, reject) => {
    // An agent of its own: what the environment says of proxies is not for this pod's own ports.
    const call = send(url, { method, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
    call.on("error", reject);
    call.end();
  });
}
