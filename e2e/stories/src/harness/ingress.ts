import { request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { TLSSocket } from "node:tls";
import { inject } from "vitest";
import { control, TARGET, type Answer } from "./mesh.ts";

/** Where a port of a gateway answers outside of the cluster. */
export interface Place {
  readonly address: string;
  readonly port: number;
}

/** An answer of the gateway. */
export interface GatewayAnswer extends Answer {
  /** Where the caller is sent. */
  readonly location?: string;
  /** The number of the certificate by which the gateway proved itself. */
  readonly certificate?: string;
}

/** What is asked of which host; with a root, over TLS, and only of whom that root vouches for. */
export interface Question {
  readonly host: string;
  readonly path: string;
  readonly ca?: string;
}

const PATIENCE_MS = 15_000;

/** The Service of the gateway that the mesh's installation brings. */
const INSTALLED_GATEWAY = { name: "istio-ingressgateway", namespace: "istio-system" };

/** The node port behind a port of a gateway's Service. */
export async function ingressPlace(port: number, service = INSTALLED_GATEWAY): Promise<Place> {
  const named = ["get", "service", service.name, "-n", service.namespace, "-o", "json"];
  // The shape is the API's own.
  const { spec } = JSON.parse(await control(...named)) as {
    readonly spec: { readonly ports: readonly { readonly port: number; readonly nodePort: number }[] };
  };
  const found = spec.ports.find((candidate) => candidate.port === port)?.nodePort;
  if (found === undefined) throw new Error(`Service ${service.name} has no node port for ${port}.`);
  return { address: await nodeAddress(), port: found };
}

/** kind opens the article's node ports on this machine and no others; its node has them all. */
async function nodeAddress(): Promise<string> {
  if (TARGET !== "kind") return inject("platform").address;
  const { items } = JSON.parse(await control("get", "nodes", "-o", "json")) as {
    readonly items: readonly {
      readonly status: { readonly addresses: readonly { readonly type: string; readonly address: string }[] };
    }[];
  };
  const addresses = items.flatMap(({ status }) => status.addresses);
  return addresses.find(({ type }) => type === "InternalIP")?.address ?? "127.0.0.1";
}

/** Asks over a connection of its own, without any retry; status 0 where the connection failed. */
export function askGateway({ address, port }: Place, { host, path, ca }: Question): Promise<GatewayAnswer> {
  const options = { host: address, port, path, agent: false, timeout: PATIENCE_MS, headers: { host } };
  return new Promise((resolve) => {
    const request =
      ca === undefined ? httpRequest(options) : httpsRequest({ ...options, servername: host, ca });
    request.on("response", (response) => void readAnswer(request, response).then(resolve));
    request.on("timeout", () => request.destroy());
    request.on("error", (error) => resolve({ status: 0, body: error.message }));
    request.end();
  });
}

async function readAnswer(request: ClientRequest, response: IncomingMessage): Promise<GatewayAnswer> {
  const { socket } = request;
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate().serialNumber : undefined;
  const { location } = response.headers;
  const told = { ...(location !== undefined && { location }), ...(certificate && { certificate }) };
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString(), ...told };
  } catch (error) {
    return { status: 0, body: String(error) };
  }
}
