import { Client, credentials } from "@grpc/grpc-js";
import type { ProbeOutcome } from "./app-probe.ts";

/** Field 1 of grpc.health.v1.HealthCheckResponse, `status`, with the value SERVING. */
const SERVING = Buffer.from([0x08, 0x01]);
/** Field 1 of grpc.health.v1.HealthCheckRequest, `service`, length-delimited. */
const SERVICE_TAG = 0x0a;
/** One byte of length is enough for every name that Kubernetes allows. */
const MAX_SERVICE_BYTES = 127;

/** Asks the standard health service, whose two messages are small enough to be written by hand. */
export function askGrpcHealth(probe: {
  readonly address: string;
  readonly port: number;
  readonly service?: string;
  readonly timeoutMs: number;
}): Promise<ProbeOutcome> {
  const { address, port, service = "", timeoutMs } = probe;
  const client = new Client(`${address}:${port}`, credentials.createInsecure(), {
    "grpc.enable_http_proxy": 0, // the application is next door
    "grpc.use_local_subchannel_pool": 1,
  });
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      "/grpc.health.v1.Health/Check",
      requestBytes,
      (bytes: Buffer) => bytes,
      service,
      { deadline: Date.now() + timeoutMs },
      (error, answer) => {
        client.close();
        const isServing = answer?.equals(SERVING) ?? false;
        resolve({ status: isServing ? 200 : 500, body: isServing ? "" : (error?.message ?? "not serving") });
      },
    );
  });
}

function requestBytes(service: string): Buffer {
  const name = Buffer.from(service);
  if (name.length === 0) return Buffer.alloc(0);
  if (name.length > MAX_SERVICE_BYTES) throw new Error("The probe's service has too long a name.");
  return Buffer.concat([Buffer.from([SERVICE_TAG, name.length]), name]);
}
