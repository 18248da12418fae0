import { ISTIOD, ISTIOD_POD_LABELS, MESH_LABELS, meshObjectsWhere } from "@bookmesh/install";
import { messageOf } from "@bookmesh/kernel";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { discovery, qualifiedName, type ApiResource, type KubeClient } from "@bookmesh/kube-client";
import type { Cluster } from "./apply-object.ts";
import { isFields } from "./three-way-merge.ts";
import { tryInstallation } from "./try-installation.ts";

/** What the cluster says of itself, or what stands in the way of an installation. */
export interface Finding {
  readonly level: "info" | "error";
  readonly sentence: string;
}

/** The oldest Kubernetes whose API has everything that the mesh uses: native sidecars, and `sleep` before the end. */
const OLDEST_MINOR = 30;

/** Looks whether the mesh can be installed; changes nothing. */
export async function precheck(client: KubeClient): Promise<readonly Finding[]> {
  const cluster = { client, kinds: discovery(client) };
  const checks = [apiVersion, podNetwork, permissions, otherMeshes, dryRun];
  return (await Promise.all(checks.map((check) => check(cluster).catch(asFinding)))).flat();
}

/** Whoever may not even look has learned something. */
function asFinding(failure: unknown): readonly Finding[] {
  return [error(messageOf(failure).trim())];
}

async function apiVersion({ client }: Cluster): Promise<readonly Finding[]> {
  const version: unknown = await (await client.request("GET", "/version")).json();
  const { major, minor, gitVersion } = isFields(version) ? version : {};
  const isOld = Number(major) === 1 && Number.parseInt(String(minor), 10) < OLDEST_MINOR;
  const sentence = `Kubernetes ${String(gitVersion)}`;
  return [isOld ? error(`${sentence} is too old: 1.${OLDEST_MINOR} is needed`) : info(sentence)];
}

async function podNetwork({ client }: Cluster): Promise<readonly Finding[]> {
  const key = { namespace: "kube-public", name: "pod-network" };
  const published = await client.get<KubeObject & { data?: Record<string, string> }>(
    RESOURCES.configMaps,
    key,
  );
  const mode = published?.data?.["interceptionMode"] ?? "REDIRECT";
  const { items } = await client.list<KubeObject>(RESOURCES.nodes);
  const kernels = new Set(items.map(kernelOf));
  return [info(`Interception mode ${mode}; kernel ${[...kernels].join(", ") || "unknown"}`)];
}

function kernelOf({ status }: KubeObject): string {
  const node = isFields(status) && isFields(status["nodeInfo"]) ? status["nodeInfo"] : {};
  const version = node["kernelVersion"];
  return typeof version === "string" ? version : "unknown";
}

/** Whether the caller may write each kind of object that the mesh consists of. */
async function permissions(cluster: Cluster): Promise<readonly Finding[]> {
  const resources = new Map<string, { readonly resource: ApiResource; readonly namespace?: string }>();
  for (const { apiVersion, kind, metadata } of meshObjectsWhere(false)) {
    const resource = await cluster.kinds.kind(apiVersion, kind);
    if (!resource) continue; // the dry run says so
    const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
    resources.set(qualifiedName(resource), { resource, ...place });
  }
  const refused = await Promise.all(
    [...resources].map(async ([name, { resource, namespace }]) =>
      (await may(cluster.client, resource, namespace)) ? [] : [error(`You may not create ${name}`)],
    ),
  );
  return refused.flat();
}

async function may(client: KubeClient, { group, plural }: ApiResource, namespace?: string): Promise<boolean> {
  const resourceAttributes = {
    group,
    resource: plural,
    verb: "create",
    ...(namespace !== undefined && { namespace }),
  };
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  const answer: unknown = await (await client.request("POST", path, { body })).json();
  return isFields(answer) && isFields(answer["status"]) && answer["status"]["allowed"] === true;
}

/** A control plane that somebody else installed would serve the same pods. */
async function otherMeshes({ client }: Cluster): Promise<readonly Finding[]> {
  const { items } = await client.list(RESOURCES.deployments, {
    labelSelector: `app=${ISTIOD_POD_LABELS.app}`,
  });
  const manager = "app.kubernetes.io/managed-by";
  const others = items.filter(({ metadata }) => metadata.labels?.[manager] !== MESH_LABELS[manager]);
  return others.map(({ metadata: { name, namespace = "" } }) =>
    error(`Deployment ${namespace}/${name} is another mesh's ${ISTIOD}: remove it first`),
  );
}

async function dryRun(cluster: Cluster): Promise<readonly Finding[]> {
  await tryInstallation(cluster, meshObjectsWhere(false));
  return [];
}

function info(sentence: string): Finding {
  return { level: "info", sentence };
}

function error(sentence: string): Finding {
  return { level: "error", sentence };
}
