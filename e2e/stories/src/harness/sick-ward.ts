import { readFileSync } from "node:fs";
import { Agent, request, type IncomingHttpHeaders } from "node:http";
import { join } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { expect } from "vitest";
import { CALLER_ANNOTATIONS } from "./data-plane.ts";
import { ADDRESS, articleDeployed, control, podNames, podsReady, tryControl } from "./mesh.ts";

const SOURCES = join(import.meta.dirname, "..");
const RELAY_PORT = 31_090;
const NAMESPACE = "default";
/** Longer than any rule of a story lets a call last. */
const CALL_TIMEOUT_MS = 10_000;

/** A call through the relay's sidecar to the patient. */
export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Hangs up after so long. */
  readonly hangUpAfterMs?: number;
}

/** What came back; status 0 where the connection ended without a whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly tookMs: number;
}

/** What the patient's two instances have seen together, by path. */
export interface Seen {
  readonly arrived: Readonly<Record<string, number>>;
  readonly left: Readonly<Record<string, number>>;
}

/** Deploys a service of two versions that is ill where its path says so, and a relay before it that is not. */
export async function sickWardOpen(): Promise<void> {
  await articleDeployed();
  const program = readFileSync(join(SOURCES, "programs/patient.mjs"), "utf8");
  const command = JSON.stringify(["node", "--input-type=module", "-e", program]);
  const manifest = readFileSync(join(SOURCES, "manifests/patient.yml"), "utf8");
  const applied = await tryControl(
    ["apply", "-n", NAMESPACE, "-f", "-"],
    manifest
      .replaceAll("PROGRAM", () => command)
      .replace("CALLER_ANNOTATIONS", () => JSON.stringify(CALLER_ANNOTATIONS)),
  );
  expect(applied).toMatchObject({ code: 0 });
  await podsReady("app in (relay,patient)", 3);
  await eventually(async () => expect((await call("/")).status).toBe(200), { timeoutMs: 20_000 });
}

/** Takes it all away again, its rules too. */
export async function sickWardClosed(): Promise<void> {
  const ended = ["--ignore-not-found", "-n", NAMESPACE];
  await control("delete", "virtualservice,destinationrule", "patient", ...ended);
  await control("delete", "deployment", "relay", "patient-v1", "patient-v2", ...ended);
  await control("delete", "service", "relay", "patient", ...ended);
  await podsReady("app in (relay,patient)", 0);
}

/** Applies a rule for the patient, whose text is `spec` below the usual head. */
export async function prescribe(
  kind: "VirtualService" | "DestinationRule",
  spec: Readonly<Record<string, unknown>>,
): Promise<void> {
  const rule = {
    apiVersion: "networking.istio.io/v1",
    kind,
    metadata: { name: "patient", namespace: NAMESPACE },
    spec,
  };
  expect(await tryControl(["apply", "-f", "-"], JSON.stringify(rule))).toMatchObject({ code: 0 });
}

/** Takes the patient's rules back. */
export async function withdraw(): Promise<void> {
  await control("delete", "virtualservice,destinationrule", "patient", "--ignore-not-found", "-n", NAMESPACE);
}

/** Calls the patient through the relay, over a connection of its own. */
export function call(path: string, options: Call = {}): Promise<Reply> {
  const { method = "GET", headers = {}, body, hangUpAfterMs } = options;
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const agent = new Agent({ keepAlive: false });
    let received = "";
    const settle = (status: number, answered: IncomingHttpHeaders = {}) =>
      resolve({ status, headers: answered, body: received, tookMs: performance.now() - startedAt });
    const sent = request({ host: ADDRESS, port: RELAY_PORT, path, method, headers, agent }, (response) => {
      response.on("data", (chunk: Buffer) => (received += chunk.toString()));
      response.on("end", () => settle(response.statusCode ?? 0, response.headers));
      response.on("error", () => settle(0));
    });
    sent.on("error", () => settle(0));
    sent.end(body);
    const hangUp = setTimeout(() => sent.destroy(), hangUpAfterMs ?? CALL_TIMEOUT_MS);
    sent.on("close", () => clearTimeout(hangUp));
  });
}

/** Calls `times` times, `clients` at once; the replies in the order in which they came. */
export async function calls(
  times: number,
  path: string,
  { clients = 4, ...options }: Call & { readonly clients?: number } = {},
): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  let remaining = times;
  const client = async () => {
    while (remaining-- > 0) replies.push(await call(path, options));
  };
  await Promise.all(Array.from({ length: clients }, client));
  return replies;
}

/** How many of the replies have each status. */
export function byStatus(replies: readonly Reply[]): Readonly<Record<string, number>> {
  return countBy(replies.map(({ status }) => String(status)));
}

/** How many of the replies came from each version. */
export function byVersion(replies: readonly Reply[]): Readonly<Record<string, number>> {
  return countBy(replies.map(({ body }) => /"version":"(v\d)"/.exec(body)?.[1] ?? "none"));
}

function countBy(keys: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(keys, (key) => key)].map(([key, all]) => [key, all.length]));
}

/** What each version has seen, asked past every sidecar's rules, inside its pod. */
export async function seenBy(version: "v1" | "v2"): Promise<Seen> {
  const [pod = ""] = await podNames(`app=patient,version=${version}`);
  const args = ["exec", pod, "-c", "app", "-n", NAMESPACE, "--", "curl", "-s", "localhost:8080/seen"];
  return JSON.parse(await control(...args)) as Seen; // our own program's answer
}

/** The response flags of the relay's calls of a path, newest last, as its sidecar's access log has them. */
export async function flagsOf(path: string): Promise<readonly string[]> {
  const [pod = ""] = await podNames("app=relay");
  const log = await control("logs", pod, "-c", "istio-proxy", "-n", NAMESPACE);
  return log
    .split("\n")
    .filter((line) => line.includes('"outbound|') && line.includes(`"${path}"`))
    .map((line) => /"response_flags":"([^"]*)"/.exec(line)?.[1] ?? "");
}
