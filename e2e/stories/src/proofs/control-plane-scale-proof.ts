import { RESOURCES, type ConfigMap, type KubeObject, type Pod, type ResourceRef } from "@bookmesh/kube-api";
import { kubeClient, loadKubeConfig, type KubeClient } from "@bookmesh/kube-client";
import { eventually } from "@bookmesh/testkit";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { adsSidecar, type AdsSidecar } from "../harness/ads-sidecar.ts";
import { bookmeshOn } from "../harness/bookmesh.ts";
import { startLaptop } from "../harness/laptop.ts";
import { buildBundles } from "../harness/start-platform.ts";
import {
  extraSlice,
  LARGE_NAMESPACE,
  LARGE_ROUTES,
  largePod,
  namedRoute,
  writeLargeMesh,
} from "./large-mesh.ts";
import type { Proof } from "./proof.ts";
import { quantile } from "./quantile.ts";

const SIZE = { services: 500, podsOfEach: 4 };
const SIDECARS = 50;
const CHANGES = 200;
const SHORT_CHANGES = 30;
const PROMISED_P99_MS = 1_000;
const PROMISED_RSS_MIB = 300;
const PATIENCE = { timeoutMs: 120_000 };

/** Changes a rule and an endpoint of a large mesh in turn: from the write to its arrival at each of many sidecars. */
export const controlPlaneScaleProof: Proof = async ({ short }) => {
  // Pods that run nowhere are for our own cluster: another would take them away.
  await buildBundles();
  // The sidecars are this process's: it reaches istiod's pod where pods have no network of their own.
  const platform = await startLaptop({ ...process.env, BOOKMESH_POD_NETWORK: "loopback" });
  const sidecars: AdsSidecar[] = [];
  try {
    await bookmeshOn(platform, ["install", "--set", "profile=demo", "-y"]);
    const client = kubeClient(loadKubeConfig(platform.kubeconfig));
    await writeLargeMesh(client, SIZE);
    sidecars.push(...(await connectAll(client)));
    await eventually(() => allAreServed(sidecars), PATIENCE);
    const istiod = await istiodIp(client);
    const { times, rssMib } = await change({ client, sidecars, istiod }, short ? SHORT_CHANGES : CHANGES);
    const p99 = Math.round(quantile(times, 0.99));
    return {
      claim: `With ${SIZE.services} services and ${SIZE.services * SIZE.podsOfEach} endpoints istiod keeps within ${PROMISED_RSS_MIB} MiB, and 99 of 100 pushes arrive within ${PROMISED_P99_MS} ms`,
      holds: p99 <= PROMISED_P99_MS && rssMib <= PROMISED_RSS_MIB,
      figures: [
        ["sidecars", sidecars.length],
        ["pushes", times.length],
        ["from write to arrival: median, ms", Math.round(quantile(times, 0.5))],
        ["from write to arrival: 99 %, ms", p99],
        ["from write to arrival: longest, ms", Math.round(quantile(times, 1))],
        ["largest RSS of istiod, MiB", rssMib],
      ],
    };
  } finally {
    for (const sidecar of sidecars) sidecar.close();
    await platform.stop();
  }
};

async function connectAll(client: KubeClient): Promise<readonly AdsSidecar[]> {
  const address = `${await istiodIp(client)}:15012`;
  const rootPem = await eventually(() => rootOf(client), PATIENCE);
  const sidecars: AdsSidecar[] = [];
  for (let index = 0; index < SIDECARS; index += 1) {
    const pod = { ...largePod(index), namespace: LARGE_NAMESPACE };
    const token = await tokenOf(client, pod.name);
    sidecars.push(adsSidecar({ address, trust: { rootPem, token }, pod, routes: LARGE_ROUTES }));
  }
  return sidecars;
}

function allAreServed(sidecars: readonly AdsSidecar[]): void {
  const waiting = sidecars.filter(({ received }) => received.size < Object.keys(TYPE_URLS).length);
  if (waiting.length > 0) throw new Error(`${waiting.length} sidecars have not got all types of resources.`);
}

interface Changed {
  readonly client: KubeClient;
  readonly sidecars: readonly AdsSidecar[];
  readonly istiod: string;
}

async function change(
  { client, sidecars, istiod }: Changed,
  changes: number,
): Promise<{ readonly times: readonly number[]; readonly rssMib: number }> {
  const times: number[] = [];
  let rssMib = await rssOf(istiod);
  await client.create(RESOURCES.virtualServices, namedRoute("change-none"));
  await client.create(RESOURCES.endpointSlices, extraSlice("10.250.250.250"));
  for (let index = 0; index < changes; index += 1) {
    const isRule = index % 2 === 0;
    const mark = isRule ? `change-${index}-` : `10.250.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    const arrivals = Promise.all(sidecars.map((sidecar) => sidecar.receives(mark)));
    const startedAtMs = performance.now();
    if (isRule) await replace(client, RESOURCES.virtualServices, namedRoute(mark));
    else await replace(client, RESOURCES.endpointSlices, extraSlice(mark));
    times.push(...(await arrivals).map((atMs) => atMs - startedAtMs));
    rssMib = Math.max(rssMib, await rssOf(istiod));
  }
  return { times, rssMib };
}

async function replace(client: KubeClient, resource: ResourceRef, object: KubeObject): Promise<void> {
  const how = { fieldManager: "proof", force: true };
  await client.patch(resource, object.metadata, { type: "apply", body: object }, how);
}

async function istiodIp(client: KubeClient): Promise<string> {
  const where = { namespace: "istio-system", labelSelector: "app=istiod" };
  const { items } = await client.list<Pod>(RESOURCES.pods, where);
  const ip = items.find(({ status }) => status?.phase === "Running")?.status?.podIP;
  if (ip === undefined) throw new Error("No pod of istiod runs.");
  return ip;
}

async function rssOf(istiod: string): Promise<number> {
  const text = await (await fetch(`http://${istiod}:15014/metrics`)).text();
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error("istiod's metrics do not say how much memory it has.");
  return Math.round(Number(bytes) / 2 ** 20);
}

async function rootOf(client: KubeClient): Promise<string> {
  const key = { namespace: LARGE_NAMESPACE, name: "istio-ca-root-cert" };
  const root = (await client.get<ConfigMap>(RESOURCES.configMaps, key))?.data?.["root-cert.pem"];
  if (root === undefined) throw new Error("The mesh's root certificate has not been published.");
  return root;
}

async function tokenOf(client: KubeClient, pod: string): Promise<string> {
  const body = {
    ...{ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest" },
    spec: { audiences: ["istio-ca"], boundObjectRef: { kind: "Pod", apiVersion: "v1", name: pod } },
  };
  const path = `/api/v1/namespaces/${LARGE_NAMESPACE}/serviceaccounts/default/token`;
  const answer = await client.request("POST", path, { body });
  // The shape is the API's own.
  return ((await answer.json()) as { readonly status: { readonly token: string } }).status.token;
}
