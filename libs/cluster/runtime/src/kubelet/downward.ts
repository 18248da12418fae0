import type { Container, Pod } from "@bookmesh/kube-api";

/**
 * The text of a pod's field as the downward API gives it: `metadata.name`, `metadata.labels['app']`, `status.podIP`, …
 * `undefined` for a path that it does not know. Source: Kubernetes, "Downward API".
 */
export function podField(pod: Pod, fieldPath: string): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (subscript) return mapOf(pod, subscript[1])[subscript[2] ?? ""] ?? "";
  const { metadata, spec, status } = pod;
  const known: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace ?? "",
    "metadata.uid": metadata.uid ?? "",
    "metadata.labels": formatMap(mapOf(pod, "labels")),
    "metadata.annotations": formatMap(mapOf(pod, "annotations")),
    "spec.nodeName": spec.nodeName ?? "",
    "spec.serviceAccountName": spec.serviceAccountName ?? "default",
    "status.podIP": status?.podIP ?? "",
    "status.podIPs": (status?.podIPs ?? []).map(({ ip }) => ip).join(","),
    "status.hostIP": status?.hostIP ?? "",
    "status.hostIPs": (status?.hostIPs ?? []).map(({ ip }) => ip).join(","),
  };
  return known[fieldPath];
}

/** What a machine offers to a container that has no limits of its own. */
export interface NodeCapacity {
  readonly cpus: number;
  readonly memoryBytes: number;
}

/** A container's resource as a whole number of `divisor`s, rounded up; without a limit, the node's. */
export function containerResource(
  container: Container,
  { resource, divisor = "1" }: { readonly resource: string; readonly divisor?: string },
  capacity: NodeCapacity,
): string {
  const [list, name = ""] = resource.split(".");
  const quantity = (list === "limits" ? container.resources?.limits : container.resources?.requests)?.[name];
  const fallback = list === "limits" ? nodeResource(name, capacity) : 0;
  const value = quantity === undefined ? fallback : parseQuantity(quantity);
  return String(Math.ceil(value / (parseQuantity(divisor) || 1)));
}

const SUFFIXES: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A Kubernetes quantity (`250m`, `64Mi`) as a number; 0 for one that cannot be read. */
export function parseQuantity(quantity: string): number {
  const [, digits = "0", suffix = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(quantity) ?? [];
  return Number(digits) * (SUFFIXES[suffix] ?? 0);
}

function nodeResource(name: string, { cpus, memoryBytes }: NodeCapacity): number {
  if (name === "cpu") return cpus;
  return name === "memory" ? memoryBytes : 0;
}

function mapOf({ metadata }: Pod, name: string | undefined): Readonly<Record<string, string>> {
  return (name === "labels" ? metadata.labels : metadata.annotations) ?? {};
}

function formatMap(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join("\n");
}
