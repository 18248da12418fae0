import { ISTIOD, MESH_NAMESPACE } from "@bookmesh/install";
import { RESOURCES, type Deployment, type Pod } from "@bookmesh/kube-api";
import { print, type ConsoleIo } from "../console-io.ts";
import { colors } from "../output/colors.ts";
import { formatTable, KUBECTL_STYLE } from "../output/format-table.ts";
import { askIstiods } from "../proxy/ask-istiod.ts";
import { inSync, type ProxySync } from "../proxy/sync-status.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** `bookmesh status`: the cluster, the mesh, and each pod with its sidecar. */
export async function status(io: ConsoleIo, options: ClusterOptions): Promise<void> {
  const session = openSession(io, options);
  const version = jsonVersion(await (await session.client.request("GET", "/version")).json());
  line(io, { ok: true, name: "Cluster", text: `${session.config.server} ${version}` });
  const istiod = await session.client.get<Deployment>(RESOURCES.deployments, {
    namespace: MESH_NAMESPACE,
    name: ISTIOD,
  });
  if (!istiod) {
    line(io, { ok: false, name: "Mesh", text: 'not installed; try "bookmesh install"' });
    return;
  }
  const ready = istiod.status?.readyReplicas ?? 0;
  line(io, { ok: ready > 0, name: "Istiod", text: `${ready}/${istiod.spec.replicas ?? 1} ready` });
  const proxies = await proxiesOf(session, ready);
  const synced = proxies.filter(inSync).length;
  line(io, {
    ok: synced === proxies.length,
    name: "Sidecars",
    text: `${synced} of ${proxies.length} in sync`,
  });
  await printPods(session, proxies);
}

async function proxiesOf(session: Session, readyIstiods: number): Promise<readonly ProxySync[]> {
  if (readyIstiods === 0) return [];
  return (await askIstiods(session)).flatMap(({ proxies }) => proxies);
}

async function printPods({ client, io }: Session, proxies: readonly ProxySync[]): Promise<void> {
  const { items } = await client.list<Pod>(RESOURCES.pods);
  const rows = items.map((pod) => {
    const { name, namespace = "" } = pod.metadata;
    const statuses = [
      ...(pod.status?.containerStatuses ?? []),
      ...(pod.status?.initContainerStatuses ?? []).filter((each) => each.started === true),
    ];
    const ready = `${statuses.filter((each) => each.ready).length}/${statuses.length}`;
    return [namespace, name, ready, pod.status?.phase ?? "Pending", sidecarState(pod, proxies)];
  });
  print(io, "");
  io.stdout.write(formatTable([["NAMESPACE", "POD", "READY", "STATUS", "SIDECAR"], ...rows], KUBECTL_STYLE));
}

function sidecarState({ metadata, spec }: Pod, proxies: readonly ProxySync[]): string {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  if (!containers.some(({ name }) => name === "istio-proxy")) return "-";
  const proxy = proxies.find(({ name }) => name === `${metadata.name}.${metadata.namespace ?? ""}`);
  if (!proxy) return "not connected";
  return inSync(proxy) ? "in sync" : "behind";
}

function line(io: ConsoleIo, { ok, name, text }: { ok: boolean; name: string; text: string }): void {
  const mark = ok ? colors(io).green("✔") : colors(io).red("✘");
  print(io, `${mark} ${name.padEnd(10)}${text}`);
}

function jsonVersion(value: unknown): string {
  return typeof value === "object" && value !== null && "gitVersion" in value ? String(value.gitVersion) : "";
}
