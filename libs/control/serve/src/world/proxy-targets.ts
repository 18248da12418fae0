import type { Pod } from "@bookmesh/kube-api";
import type { MeshWorld } from "@bookmesh/mesh-world";
import type { SnapshotReader } from "@bookmesh/kernel";
import type { MeshSnapshot, ProxyResources, ProxyView } from "@bookmesh/translate";
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
  let of: MeshWorld | undefined;
  let podsByName = new Map<string, Pod>();
  let targets = new Map<string, Target>();
  return (node) => {
    const current = world.current();
    if (current !== of) {
      of = current;
      targets = new Map();
      podsByName = new Map(current.snapshot.pods.map((pod) => [podKey(pod), pod]));
    }
    const { name, namespace } = node.parsed;
    const view = proxyView(node, podsByName.get(`${namespace}/${name}`));
    const key = JSON.stringify(view);
    const known = targets.get(key);
    if (known) return known;
    const target = { resources: translate(current.snapshot, view), sinceMs: current.sinceMs };
    targets.set(key, target);
    return target;
  };
}

/** What distinguishes a proxy. The API's word on its pod goes before the node's own. */
export function proxyView({ parsed, metadata }: ConnectedNode, pod: Pod | undefined): ProxyView {
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
