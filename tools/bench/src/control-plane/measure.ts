import { setTimeout as delay } from "node:timers/promises";
import { RESOURCES, type KubeObject, type ResourceRef } from "@bookmesh/kube-api";
import { adsSidecar, type AdsSidecar } from "@bookmesh/stories/ads-sidecar";
import { eventually } from "@bookmesh/testkit";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { cpuMicroseconds, residentMegabytes } from "../process-figures.ts";
import { median } from "../median.ts";
import type { ControlPlane } from "./control-planes.ts";
import type { MeshApi } from "./mesh-api.ts";
import { proxyOf, routeNamed, SAME_NAMESPACE, sliceOf } from "./ruled-mesh.ts";

/** What is measured; the unit stands in the name. */
export type ControlPlaneMetric =
  | "start_to_first_set_cpu_ms"
  | "start_to_first_set_ms"
  | "first_set_cpu_ms"
  | "further_proxy_cpu_ms"
  | "route_change_cpu_ms_per_proxy"
  | "route_change_to_last_proxy_ms"
  | "endpoint_change_cpu_ms_per_proxy"
  | "endpoint_change_to_last_proxy_ms"
  | "base_rss_mb"
  | "rss_mb_per_proxy";

/** The figures of one life of a control plane. */
export type ControlPlaneFigures = Readonly<Record<ControlPlaneMetric, number>>;

/** How much one life has to bear. */
export interface ControlPlanePlan {
  readonly rounds: number;
  readonly services: number;
  readonly proxies: number;
  /** Of each kind. */
  readonly changes: number;
}

/** How many proxies of an equal view are counted as further ones. */
const FURTHER = 5;
/** The service that is changed. */
const CHANGED = 7;
/** The only port of the mesh: its number is the name of the route configuration. */
const ROUTES = ["8080"];
const PATIENCE = { timeoutMs: 120_000, intervalMs: 5 };
/** A process that used no more than one tick of the clock for so long is at rest. */
const REST_MS = 500;
const REST_US = 10_000;

/** Starts a control plane, lets proxies connect and the mesh change, and ends it. */
export async function measureControlPlane(
  controlPlane: ControlPlane,
  api: MeshApi,
  plan: ControlPlanePlan,
): Promise<ControlPlaneFigures> {
  const startedAtMs = performance.now();
  const running = await controlPlane.start(api);
  const cpuMs = () => cpuAtRest(running.pid);
  const sidecars: AdsSidecar[] = [];
  const connect = (index: number) => connected(running.ads, index, sidecars);
  try {
    await eventually(() => isReady(running.readyUrl), { ...PATIENCE, intervalMs: 20 });
    const readyMs = performance.now() - startedAtMs;
    const readyCpuMs = await cpuMs();
    const firstMs = await connect(0);
    const firstCpuMs = await cpuMs();
    const baseMb = residentMegabytes(running.pid);
    for (let index = 1; index <= FURTHER; index += 1) await connect(index * SAME_NAMESPACE);
    const furtherCpuMs = await cpuMs();
    while (sidecars.length < plan.proxies) await connect(sidecars.length * (SAME_NAMESPACE + 1));
    await cpuMs();
    const fullMb = residentMegabytes(running.pid);
    const mesh = { api, sidecars, changes: plan.changes, cpuMs };
    // What an earlier life changed is there still: the marks of this one are others.
    const base = Math.round(startedAtMs);
    const route = await change(mesh, RESOURCES.virtualServices, (number) => {
      const mark = `change-${base + number}-`;
      return { mark, object: routeNamed(CHANGED, mark) };
    });
    const endpoint = await change(mesh, RESOURCES.endpointSlices, (number) => {
      const mark = `10.250.${(base >> 6) % 256}.${(base % 64) * 3 + number}`;
      return { mark, object: sliceOf(CHANGED, mark) };
    });
    return {
      start_to_first_set_cpu_ms: firstCpuMs,
      start_to_first_set_ms: readyMs + firstMs,
      first_set_cpu_ms: firstCpuMs - readyCpuMs,
      further_proxy_cpu_ms: (furtherCpuMs - firstCpuMs) / FURTHER,
      route_change_cpu_ms_per_proxy: route.cpuMsPerProxy,
      route_change_to_last_proxy_ms: route.toLastMs,
      endpoint_change_cpu_ms_per_proxy: endpoint.cpuMsPerProxy,
      endpoint_change_to_last_proxy_ms: endpoint.toLastMs,
      base_rss_mb: baseMb,
      rss_mb_per_proxy: (fullMb - baseMb) / (sidecars.length - 1),
    };
  } finally {
    for (const sidecar of sidecars) sidecar.close();
    await running.end();
  }
}

async function isReady(url: string): Promise<void> {
  const { ok, status } = await fetch(url);
  if (!ok) throw new Error(`The control plane is not ready: ${status}.`);
}

/** Resolves with the milliseconds until the sidecar has something of every type. */
async function connected(address: string, index: number, sidecars: AdsSidecar[]): Promise<number> {
  const startedAtMs = performance.now();
  const sidecar = adsSidecar({ address, pod: proxyOf(index), routes: ROUTES });
  sidecars.push(sidecar);
  await eventually(() => {
    if (sidecar.received.size < Object.keys(TYPE_URLS).length)
      throw new Error(`A sidecar has no more than ${[...sidecar.received].join(", ")}.`);
  }, PATIENCE);
  return performance.now() - startedAtMs;
}

interface ConnectedMesh {
  readonly api: MeshApi;
  readonly sidecars: readonly AdsSidecar[];
  readonly changes: number;
  readonly cpuMs: () => Promise<number>;
}

/** Changes one object again and again; each time waits until every sidecar has what bears the mark. */
async function change(
  { api, sidecars, changes, cpuMs }: ConnectedMesh,
  resource: ResourceRef,
  next: (number: number) => { readonly mark: string; readonly object: KubeObject },
): Promise<{ readonly cpuMsPerProxy: number; readonly toLastMs: number }> {
  const beforeMs = await cpuMs();
  const lasts: number[] = [];
  for (let number = 1; number <= changes; number += 1) {
    const { mark, object } = next(number);
    const arrivals = Promise.all(sidecars.map((sidecar) => sidecar.receives(mark)));
    const startedAtMs = performance.now();
    await api.replace(resource, object);
    lasts.push(Math.max(...(await arrivals)) - startedAtMs);
    await cpuMs(); // the next one comes into a quiet mesh
  }
  const usedMs = (await cpuMs()) - beforeMs;
  return { cpuMsPerProxy: usedMs / changes / sidecars.length, toLastMs: median(lasts) ?? Number.NaN };
}

/** CPU time so far, garbage collection included: once the process is at rest. */
async function cpuAtRest(pid: number): Promise<number> {
  let before = -Infinity;
  for (let now = cpuMicroseconds(pid); now - before > REST_US; now = cpuMicroseconds(pid)) {
    before = now;
    await delay(REST_MS);
  }
  return before / 1_000;
}
