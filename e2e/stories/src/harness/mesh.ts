import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { eventually } from "@bookmesh/testkit";
import { expect, inject } from "vitest";
import { runBookmesh } from "./bookmesh.ts";
import { asCaller } from "./data-plane.ts";
import { ROOT } from "./platform.ts";
import { run, type Outcome } from "./run.ts";

/** An answer of a service. */
export interface Answer {
  /** 0 where the connection failed. */
  readonly status: number;
  readonly body: string;
}

/** The port that the article's book service happened to get. */
export const BOOK_PORT = 31_304;
/** The port that the article's rating service happened to get. */
export const RATING_PORT = 31_216;

/** The article's own manifests. */
export const ARTICLE = join(ROOT, "deploy/samples/article");

const { target, address, kubeconfig, home, kubectl } = inject("platform");
const env: NodeJS.ProcessEnv = { ...process.env, KUBECONFIG: kubeconfig };

/** Where node ports answer. */
export const ADDRESS = address;

/** Where the stories run. */
export const TARGET = target;

/** The command that drives the API: a real kubectl where one is found, else `bookmesh`. */
export const CONTROL_COMMAND = kubectl === "" ? "bookmesh" : "kubectl";

/** Runs `kubectl` (or `bookmesh` in its place) and returns how it ended. */
export function tryControl(args: readonly string[], input?: string): Promise<Outcome> {
  const options = { env, ...(input !== undefined && { input }) };
  return kubectl === "" ? tryBookmesh(args, input) : run(kubectl, args, options);
}

/** The same, where it must succeed; returns what it printed. */
export async function control(...args: readonly string[]): Promise<string> {
  return succeeded(CONTROL_COMMAND, args, await tryControl(args));
}

/** Runs our own command and returns how it ended. */
export function tryBookmesh(args: readonly string[], input?: string): Promise<Outcome> {
  return runBookmesh({ kubeconfig, home }, args, input);
}

/** The same, where it must succeed; returns what it printed. */
export async function bookmesh(...args: readonly string[]): Promise<string> {
  return succeeded("bookmesh", args, await tryBookmesh(args));
}

function succeeded(command: string, args: readonly string[], { code, stdout, stderr }: Outcome): string {
  expect(code, `${command} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** Asks a service through its node port, over a connection of its own, without any retry. */
export function ask(path: string, port: number = BOOK_PORT): Promise<Answer> {
  return new Promise((resolve) => {
    const request = get({ host: address, port, path, agent: false, timeout: 15_000 }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", () => resolve({ status: 0, body }));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve({ status: 0, body: "" }));
  });
}

/** Asks for book 1 `times` times, one after the other; the ratings, or the status of what was no rating. */
export async function ratings(times: number): Promise<readonly (number | string)[]> {
  const seen: (number | string)[] = [];
  for (let index = 0; index < times; index += 1) seen.push(ratingOf(await ask("/book/1")));
  return seen;
}

/** The rating in an answer of the book service, or its status as text. */
export function ratingOf({ status, body }: Answer): number | string {
  const rating = /"rating":(\d+)/.exec(body)?.[1];
  return status === 200 && rating !== undefined ? Number(rating) : String(status);
}

/** The names of the pods that a selector selects and that are not ending. */
export async function podNames(selector: string, namespace = "default"): Promise<readonly string[]> {
  const list = await readList(["get", "pods", "-n", namespace, "-l", selector]);
  return list
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata }) => metadata.name);
}

/** A condition in an object's status. */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** How a container of a pod is. */
interface ContainerStatus {
  readonly ready: boolean;
  readonly restartCount: number;
}

/** An object as far as stories look into it. */
export interface Listed {
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly deletionTimestamp?: string;
  };
  readonly spec?: {
    readonly containers?: readonly { readonly name: string }[];
    readonly initContainers?: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status?: {
    readonly podIP?: string;
    readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** The items that a `get` of a list prints as JSON. */
export async function readList(args: readonly string[]): Promise<readonly Listed[]> {
  // The shape is the API's own; a story that reads a field that is not there fails by itself.
  return (JSON.parse(await control(...args, "-o", "json")) as { readonly items: readonly Listed[] }).items;
}

/** The names of the containers of the one pod that a selector selects, sorted. */
export async function containerNames(selector: string, namespace = "default"): Promise<readonly string[]> {
  const [pod] = await readList(["get", "pods", "-n", namespace, "-l", selector]);
  return (pod?.spec?.containers ?? []).map(({ name }) => name).toSorted();
}

/** What istiod says of the only rule of a kind in `default`, and whether it speaks of the rule as it is now. */
export async function ruleStatus(kind: string): Promise<Condition & { readonly isCurrent: boolean }> {
  const [rule] = await readList(["get", kind, "-n", "default"]);
  const condition = rule?.status?.conditions?.find(({ type }) => type === "Reconciled");
  if (condition === undefined) throw new Error(`No ${kind} has a condition Reconciled.`);
  return { ...condition, isCurrent: rule?.status?.observedGeneration === rule?.metadata.generation };
}

/** Whether pods have networks of their own, and their traffic is redirected; on every Kubernetes they have. */
export async function hasPodNetworks(): Promise<boolean> {
  const mode = await tryControl(["get", "configmap", "pod-network", "-n", "kube-public", "-o", "yaml"]);
  return mode.code !== 0 || !mode.stdout.includes("interceptionMode: NONE");
}

/** Waits until every pod that a selector selects has all its containers ready, and there are `count` of them. */
export async function podsReady(selector: string, count: number, namespace = "default"): Promise<void> {
  await eventually(
    async () => {
      const pods = await readList(["get", "pods", "-n", namespace, "-l", selector]);
      const ready = pods.filter(({ status }) => {
        const containers = status?.containerStatuses ?? [];
        return containers.length > 0 && containers.every((container) => container.ready);
      });
      expect([pods.length, ready.length]).toEqual([count, count]);
    },
    { timeoutMs: 60_000, intervalMs: 250 },
  );
}

/** Installs the mesh and the article's services where they are not there yet; every story may begin with it. */
export async function articleDeployed(): Promise<void> {
  await bookmesh("install", "--set", "profile=demo", "-y");
  await control("label", "namespace", "default", "istio-injection=enabled", "--overwrite");
  for (const file of [
    "rating-service/service.yml",
    "rating-service/deployment-v1.yml",
    "rating-service/deployment-v2.yml",
  ]) {
    await control("apply", "-n", "default", "-f", join(ARTICLE, file));
  }
  const book = asCaller(readFileSync(join(ARTICLE, "book-service/deployment.yml"), "utf8"));
  expect(await tryControl(["apply", "-n", "default", "-f", "-"], book)).toMatchObject({ code: 0 });
  await podsReady("app.kubernetes.io/name in (rating-service,book-service)", 3);
  await eventually(async () => expect((await ask("/book/1")).status).toBe(200), { timeoutMs: 20_000 });
}
