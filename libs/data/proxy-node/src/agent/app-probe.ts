import { connect } from "node:net";
import { request } from "node:http";
import { request as secureRequest } from "node:https";

/** A probe of the application, as it stood in the pod before the injector redirected it here. */
export interface Probe {
  readonly httpGet?: {
    readonly path?: string;
    readonly port: number;
    readonly scheme?: string;
    readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
  };
  readonly tcpSocket?: { readonly port: number };
  readonly grpc?: { readonly port: number; readonly service?: string };
  readonly timeoutSeconds?: number;
}

/** Where the application is asked, and the address to ask from (absent: any). */
export interface ProbeTarget {
  readonly address: string;
  readonly from?: string;
}

/** How a probe went: what the kubelet is to be answered. */
export interface ProbeOutcome {
  readonly status: number;
  readonly body: string;
}

/** A kubelet's own default. */
const DEFAULT_TIMEOUT_SECONDS = 1;
/** A kubelet looks at the status alone; more of the body than this is not passed on. */
const MAX_BODY_BYTES = 10 * 1_024;

/** Reads `ISTIO_KUBE_APP_PROBERS`: path → probe. */
export function readProbers(json: string | undefined): ReadonlyMap<string, Probe> {
  if (json === undefined || json === "") return new Map();
  try {
    // The injector of this mesh writes the variable; a probe that does not fit fails when it is asked.
    return new Map(Object.entries(JSON.parse(json) as Record<string, Probe>));
  } catch (cause) {
    throw new Error("ISTIO_KUBE_APP_PROBERS is not JSON.", { cause });
  }
}

/** Asks the application what the kubelet wanted to ask it. */
export async function askApplication(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome> {
  const timeoutMs = (probe.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1_000;
  try {
    if (probe.httpGet) return await askHttp(probe.httpGet, target, timeoutMs);
    if (probe.tcpSocket) return await askTcp(probe.tcpSocket.port, target, timeoutMs);
    if (probe.grpc) {
      const { askGrpcHealth } = await import("./grpc-health.ts");
      return await askGrpcHealth({ ...probe.grpc, address: target.address, timeoutMs });
    }
    return { status: 500, body: "The probe has neither httpGet nor tcpSocket nor grpc." };
  } catch (error) {
    return { status: 500, body: `The application cannot be asked: ${String(error)}` };
  }
}

function askHttp(
  probe: NonNullable<Probe["httpGet"]>,
  target: ProbeTarget,
  timeoutMs: number,
): Promise<ProbeOutcome> {
  const ask = probe.scheme?.toUpperCase() === "HTTPS" ? secureRequest : request;
  const headers = Object.fromEntries((probe.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  return new Promise((resolve, reject) => {
    const call = ask({
      ...hostOf(target),
      port: probe.port,
      path: probe.path ?? "/",
      headers: { "user-agent": "kube-probe/1.34", ...headers },
      agent: false,
      rejectUnauthorized: false, // as a kubelet: a probe asks whether it lives, not who it is
      signal: AbortSignal.timeout(timeoutMs),
    });
    call.on("error", reject);
    call.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("error", reject);
      response.on("data", (text: string) => {
        if (body.length < MAX_BODY_BYTES) body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 500, body }));
    });
    call.end();
  });
}

function askTcp(port: number, target: ProbeTarget, timeoutMs: number): Promise<ProbeOutcome> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...hostOf(target), port, timeout: timeoutMs });
    socket.on("connect", () => {
      socket.destroy();
      resolve({ status: 200, body: "" });
    });
    socket.on("timeout", () => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)));
    socket.on("error", reject);
  });
}

function hostOf({ address, from }: ProbeTarget) {
  return { host: address, ...(from !== undefined && { localAddress: from }) };
}
