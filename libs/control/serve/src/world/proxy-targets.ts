import type { Pod } from "@bookmesh/kube-api";
import type { MeshWorld } from "@bookmesh/mesh-world";
import { byIdentity, lastCall, type SnapshotReader } from "@bookmesh/kernel";
import type { MeshSnapshot, ProxyResources, ProxyView } from "@bookmesh/translate";
import type { NodeId } from "../ads/caller.ts";
import { metadataText, type ConnectedNode } from "../ads/connected-node.ts";
import type { Target, TargetOf } from "../ads/connected-proxies.ts";

/** Makes the resources of a view; pure, so equal views of one snapshot get the same object. */
export type Translate = (snapshot: MeshSnapshot, view: ProxyView) => ProxyResources;

/** Where an application listens that shares its pod's network with its sidecar. */
const LOCALHOST = "127.0.0.1";

/** How the ids of proxies begin that stand at the edge of the mesh. */
const ROUTER = "router";

/** Finds what a proxy should have, translating once for each distinct view of a snapshot. */
export function proxyTargets(world: SnapshotReader<MeshWorld>, translate: Translate): TargetOf {
  const podsIn = lastCall(
    (pods: readonly Pod[]): ReadonlyMap<string, Pod> => new Map(pods.map((pod) => [podKey(pod), pod])),
  );
  const viewOf = byIdentity((node: ConnectedNode, ...pods: readonly Pod[]) => {
    const view = proxyView(node, pods[0]);
    return { view, key: JSON.stringify(view) };
  });
  const targetsIn = lastCall(({ snapshot, sinceMs }: MeshWorld) => {
    const targets = new Map<string, Target>();
    return (view: ProxyView, key: string): Target => {
      const target = targets.get(key) ?? { resources: translate(snapshot, view), sinceMs };
      targets.set(key, target);
      return target;
    };
  });
  return (node) => {
    const current = world.current();
    const { name, namespace } = node.parsed;
    const pod = podsIn(current.snapshot.pods).get(`${namespace}/${name}`);
    const { view, key } = viewOf(node, ...(pod ? [pod] : []));
    return targetsIn(current)(view, key);
  };
}

/**
 * Translates for the sidecars of the namespace that has most pods, and so most of what is the same for all: whoever
 * connects first waits no longer than the others.
 */
export function prepareTargets({ snapshot }: MeshWorld, translate: Translate): void {
  const running = snapshot.pods.filter(({ status }) => status?.phase === "Running");
  const groups = [...Map.groupBy(running, ({ metadata }) => metadata.namespace).values()];
  const [pod] = groups.reduce((most, group) => (group.length > most.length ? group : most), []);
  if (pod) translate(snapshot, proxyView({ parsed: sidecarOf(pod), metadata: {} }, pod));
}

/** What distinguishes a proxy. The API's word on its pod goes before the node's own. */
export function proxyView(
  { parsed, metadata }: Pick<ConnectedNode, "parsed" | "metadata">,
  pod: Pod | undefined,
): ProxyView {
  const told = metadataText(metadata, "INSTANCE_IPS")?.split(",") ?? [parsed.ip];
  const ips = pod?.status?.podIPs?.map(({ ip }) => ip) ?? told;
  return {
    ...(parsed.type === ROUTER && { role: ROUTER }),
    namespace: parsed.namespace,
    labels: pod?.metadata.labels ?? labelsOf(metadata["LABELS"]),
    podIp: pod?.status?.podIP ?? parsed.ip,
    applicationAddress: metadataText(metadata, "APPLICATION_ADDRESS") ?? LOCALHOST,
    wildcards: metadataText(metadata, "INTERCEPTION_MODE") === "NONE" ? [] : wildcardsOf(ips),
  };
}

function sidecarOf({ metadata, status }: Pod): NodeId {
  const { name, namespace = "default" } = metadata;
  return { type: "sidecar", ip: status?.podIP ?? "", name, namespace };
}

/** One for each address family of the pod. */
function wildcardsOf(ips: readonly string[]): readonly string[] {
  const hasIpv6 = ips.some((address) => address.includes(":"));
  return [...(ips.some((address) => !address.includes(":")) ? ["0.0.0.0"] : []), ...(hasIpv6 ? ["::"] : [])];
}

function labelsOf(labels: unknown): Readonly<Record<string, string>> {
  if (typeof labels !== "object" || labels === null) return {};
  const texts = Object.entries(labels).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}

function podKey({ metadata }: Pod): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
