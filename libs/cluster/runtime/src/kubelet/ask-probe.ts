import { request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import { messageOf } from "@bookmesh/kernel";
import type { Container, IntOrString, Probe } from "@bookmesh/kube-api";

/** The answer to a probe: `undefined` is success, a text says what was wrong. */
export type ProbeAnswer = string | undefined;

/** What a probe is asked of. */
export interface ProbeTarget {
  readonly podIp: string;
  readonly isListening: (port: number) => Promise<boolean>;
  readonly container: Container;
  /** Runs a command in the container. */
  readonly exec: (command: readonly string[], signal: AbortSignal) => Promise<{ readonly exitCode: number }>;
}

/** Asks once, as a kubelet: of the pod IP, never through a proxy. Never rejects. */
export async function askProbe(probe: Probe, target: ProbeTarget, timeoutMs: number): Promise<ProbeAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    if (probe.httpGet) return await askHttp(probe.httpGet, target, signal);
    if (probe.tcpSocket) return await askTcp(probe.tcpSocket, target, signal);
    if (probe.grpc) return await askGrpc(probe.grpc, target, signal);
    const { exitCode } = await target.exec(probe.exec?.command ?? [], signal);
    return exitCode === 0 ? undefined : `command exited with code ${exitCode}`;
  } catch (error) {
    if (signal.aborted) return `no answer within ${timeoutMs} ms`;
    return messageOf(error);
  }
}

/** The number behind a port that may be a name. */
export function probePort(port: IntOrString, { name, ports }: Container): number {
  if (typeof port === "number" || /^\d+$/.test(port)) return Number(port);
  const named = ports?.find((candidate) => candidate.name === port);
  if (named === undefined) throw new Error(`container "${name}" has no port named "${port}"`);
  return named.containerPort;
}

async function askHttp(
  get: NonNullable<Probe["httpGet"]>,
  { podIp, container }: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const isTls = get.scheme === "HTTPS";
  const headers = Object.fromEntries((get.httpHeaders ?? []).map(({ name, value }) => [name, value]));
  const options = {
    host: get.host ?? podIp,
    port: probePort(get.port, container),
    path: get.path ?? "/",
    headers: { "user-agent": "kube-probe/1.34", accept: "*/*", connection: "close", ...headers },
    agent: false,
    signal,
    rejectUnauthorized: false, // a kubelet does not know the container's authority
  } as const;
  return new Promise((resolve, reject) => {
    const request = isTls ? httpsRequest(options) : httpRequest(options);
    request.on("error", reject);
    request.on("response", (response) => {
      const status = response.statusCode ?? 0;
      response.destroy();
      resolve(status >= 200 && status < 400 ? undefined : `HTTP probe failed with statuscode: ${status}`);
    });
    request.end();
  });
}

async function askTcp(
  { host, port }: NonNullable<Probe["tcpSocket"]>,
  { podIp, container }: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ host: host ?? podIp, port: probePort(port, container), signal });
    socket.on("error", reject);
    socket.on("connect", () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}

/** `grpc.health.v1.Health/Check`: a message with one string field, answered by one with one enumeration. */
async function askGrpc(
  { port, service = "" }: NonNullable<Probe["grpc"]>,
  { podIp }: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  const name = Buffer.from(service);
  const message = name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]);
  const session = connectHttp2(`http://${podIp}:${port}`);
  try {
    return await new Promise((resolve, reject) => {
      session.on("error", reject);
      signal.addEventListener("abort", () => reject(new Error("timed out")), { once: true });
      const stream = session.request({
        ":method": "POST",
        ":path": "/grpc.health.v1.Health/Check",
        "content-type": "application/grpc",
        te: "trailers",
      });
      const chunks: Buffer[] = [];
      stream.on("error", reject);
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => resolve(servingProblem(Buffer.concat(chunks))));
      stream.end(frame);
    });
  } finally {
    session.destroy();
  }
}

/** Status SERVING is 1: a frame of five bytes before field 1 as a varint. */
function servingProblem(answer: Buffer): ProbeAnswer {
  return answer[5] === 0x08 && answer[6] === 1 ? undefined : "service unhealthy (it does not answer SERVING)";
}
