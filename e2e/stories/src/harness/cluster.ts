import { runBookmesh } from "./bookmesh.ts";
import type { Platform } from "./platform.ts";
import type { Outcome } from "./run.ts";

/** Where a cluster that is not ours is found. */
export interface ClusterPlace {
  readonly kubeconfig: string;
  /** Where its node ports answer; absent: the first node's internal address. */
  readonly address?: string;
}

/** The namespaces that stories make, besides what they put into `default`. */
const STORY_NAMESPACES = ["printed", "istio-system"];
/** Kinds that stories put into `default`. */
const STORY_KINDS = ["deployments", "virtualservices", "destinationrules", "gateways"];

/** Takes a cluster that runs already, where no mesh is installed; `stop` leaves it as it was found. */
export async function takeCluster({ kubeconfig, address }: ClusterPlace): Promise<Platform> {
  const bookmesh: Bookmesh = (...args) => runBookmesh({ kubeconfig, home: "" }, args);
  await refuseInhabited(bookmesh);
  return {
    address: address ?? (await firstNodeAddress(bookmesh)),
    kubeconfig,
    home: "",
    stop: () => leaveAsFound(bookmesh),
  };
}

type Bookmesh = (...args: readonly string[]) => Promise<Outcome>;

async function refuseInhabited(bookmesh: Bookmesh): Promise<void> {
  const { code, stderr } = await bookmesh("get", "namespace", "default");
  if (code !== 0) throw new Error(`The cluster does not answer:\n${stderr}`);
  const mesh = await bookmesh("get", "namespace", "istio-system");
  if (mesh.code === 0)
    throw new Error("The cluster has a namespace istio-system: the stories install a mesh of their own.");
  const workloads = await bookmesh("get", "deployments", "-n", "default", "-o", "json");
  if (workloads.code === 0 && itemsOf(workloads).length > 0)
    throw new Error("The cluster's namespace default has Deployments: the stories would disturb them.");
}

async function firstNodeAddress(bookmesh: Bookmesh): Promise<string> {
  const nodes = itemsOf(await bookmesh("get", "nodes", "-o", "json"));
  const addresses = nodes.flatMap(({ status }) => status?.addresses ?? []);
  const internal = addresses.find(({ type }) => type === "InternalIP")?.address;
  if (internal === undefined) throw new Error("No node of the cluster has an internal address.");
  return internal;
}

async function leaveAsFound(bookmesh: Bookmesh): Promise<void> {
  if (process.env["KEEP_HOME"] !== undefined) return;
  for (const kind of STORY_KINDS) await bookmesh("delete", kind, "--all", "-n", "default");
  for (const service of ["book-service", "rating"])
    await bookmesh("delete", "service", service, "-n", "default", "--ignore-not-found");
  await bookmesh("uninstall", "--purge", "-y");
  await bookmesh("label", "namespace", "default", "istio-injection-");
  for (const namespace of STORY_NAMESPACES)
    await bookmesh("delete", "namespace", namespace, "--ignore-not-found");
}

interface Item {
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

function itemsOf({ stdout }: Outcome): readonly Item[] {
  // The shape is the API's own.
  return (JSON.parse(stdout) as { readonly items: readonly Item[] }).items;
}
