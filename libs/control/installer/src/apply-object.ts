import { overRunning } from "@bookmesh/install";
import type { KubeObject } from "@bookmesh/kube-api";
import {
  unknownKind,
  type ApiResource,
  type Discovery,
  type KubeClient,
  type ObjectKey,
} from "@bookmesh/kube-client";
import { webhookState } from "./component-ready.ts";

/** Whose fields these are, as the server notes it. */
const MANAGER = { fieldManager: "bookmesh", force: true } as const;

/** A server, and what it knows. */
export interface Cluster {
  readonly client: KubeClient;
  readonly kinds: Discovery;
}

/** An object of the mesh, and as what the server has it. */
export interface Placed {
  readonly resource: ApiResource;
  readonly key: ObjectKey;
  readonly before: KubeObject | undefined;
}

/** Makes the server's object be what `wanted` says, by server-side apply. Says whether that changed anything. */
export async function applyObject(cluster: Cluster, wanted: KubeObject): Promise<boolean> {
  const placed = await findObject(cluster, wanted);
  if (!placed) throw unknownKind(wanted.apiVersion, wanted.kind);
  const { resource, key, before } = placed;
  const patch = { type: "apply", body: bodyOver(before, wanted) } as const;
  const { object } = await cluster.client.patch(resource, key, patch, MANAGER);
  return object.metadata.resourceVersion !== before?.metadata.resourceVersion;
}

/** The same, but the server only judges it. Throws where it would refuse. */
export async function tryObject(
  { client }: Cluster,
  { resource, key, before }: Placed,
  wanted: KubeObject,
): Promise<void> {
  const patch = { type: "apply", body: bodyOver(before, wanted) } as const;
  await client.patch(resource, key, patch, { ...MANAGER, dryRun: true });
}

/** Where an object belongs, and what is there; `undefined` where the server does not know its kind. */
export async function findObject(
  { client, kinds }: Cluster,
  { apiVersion, kind, metadata: { name, namespace } }: KubeObject,
): Promise<Placed | undefined> {
  const resource = await kinds.kind(apiVersion, kind);
  if (!resource) return undefined;
  const key = namespace === undefined ? { name } : { name, namespace };
  return { resource, key, before: await client.get(resource, key) };
}

/** A webhook that answers already is not made lenient again. */
function bodyOver(before: KubeObject | undefined, wanted: KubeObject): KubeObject {
  return "done" in webhookState(before) ? overRunning(wanted) : wanted;
}
