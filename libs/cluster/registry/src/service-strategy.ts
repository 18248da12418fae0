import { invalid } from "@bookmesh/cluster-api";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { JsonObject } from "@bookmesh/kube-model";
import { numberField, objectField, objectsField, textField, without } from "./json.ts";
import type { Strategy, StrategyView } from "./strategy.ts";

const NODE_PORTS = { first: 30_000, last: 32_767 } as const;
/** ClusterIPs are `10.96.x.y`. */
const CLUSTER_IP_PREFIX = "10.96.";
const CLUSTER_IP_COUNT = 65_534;

/** Services get a ClusterIP and node ports. */
export function serviceStrategy(): Strategy {
  return {
    initialStatus: () => ({ loadBalancer: {} }),
    prepareUpdate: keepAddresses,
    allocate(service, previous, view) {
      const others = view.store.list(RESOURCES.services).filter((each) => !isSame(each, service));
      return withNodePorts(withClusterIp(service, { view, others }), { view, others, previous });
    },
  };
}

/** An update that leaves out what was handed out keeps it. */
function keepAddresses(service: KubeObject, previous: KubeObject): KubeObject {
  const spec = specOf(service);
  const before = specOf(previous);
  if (textField(spec, "type") === "ExternalName") return service;
  const kept = pick(before, ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]);
  const given = Object.fromEntries(
    Object.entries(spec).filter(([, value]) => value !== "" && value !== null),
  );
  return { ...service, spec: { ...kept, ...given, ports: keepNodePorts(spec, before) } };
}

function keepNodePorts(spec: JsonObject, before: JsonObject): readonly JsonObject[] {
  const hasNodePorts = ["NodePort", "LoadBalancer"].includes(textField(spec, "type") ?? "");
  return objectsField(spec, "ports").map((port) => {
    if (!hasNodePorts) return without(port, "nodePort");
    if ((numberField(port, "nodePort") ?? 0) !== 0) return port;
    const same = objectsField(before, "ports").find(
      (each) => each["port"] === port["port"] && each["protocol"] === port["protocol"],
    );
    const nodePort = same && numberField(same, "nodePort");
    return nodePort === undefined ? port : { ...port, nodePort };
  });
}

function withClusterIp(
  service: KubeObject,
  { view, others }: { readonly view: StrategyView; readonly others: readonly KubeObject[] },
): KubeObject {
  const spec = specOf(service);
  if (textField(spec, "type") === "ExternalName") return service;
  const wanted = textField(spec, "clusterIP") ?? "";
  const taken = new Set(others.map((each) => textField(specOf(each), "clusterIP")));
  const clusterIP = wanted === "" ? freeClusterIp(service, taken, view) : wanted;
  if (wanted !== "" && wanted !== "None" && taken.has(wanted)) {
    const message = `Invalid value: ["${wanted}"]: failed to allocate IP ${wanted}: provided IP is already allocated`;
    throw refuse(service, "spec.clusterIPs", message);
  }
  return {
    ...service,
    spec: {
      ipFamilies: ["IPv4"],
      ipFamilyPolicy: "SingleStack",
      ...spec,
      clusterIP,
      clusterIPs: [clusterIP],
    },
  };
}

function freeClusterIp(
  service: KubeObject,
  taken: ReadonlySet<string | undefined>,
  view: StrategyView,
): string {
  const start = Math.floor(view.random() * CLUSTER_IP_COUNT);
  for (let step = 0; step < CLUSTER_IP_COUNT; step += 1) {
    const number = ((start + step) % CLUSTER_IP_COUNT) + 1;
    const address = `${CLUSTER_IP_PREFIX}${number >> 8}.${number & 255}`;
    if (!taken.has(address)) return address;
  }
  throw refuse(service, "spec.clusterIPs", "Internal error: the range of addresses is full");
}

function withNodePorts(
  service: KubeObject,
  {
    view,
    others,
  }: {
    readonly view: StrategyView;
    readonly others: readonly KubeObject[];
    readonly previous: KubeObject | undefined;
  },
): KubeObject {
  const spec = specOf(service);
  if (!["NodePort", "LoadBalancer"].includes(textField(spec, "type") ?? "")) return service;
  const taken = new Set(
    others.flatMap((each) =>
      objectsField(specOf(each), "ports").map((port) => numberField(port, "nodePort")),
    ),
  );
  const ports = objectsField(spec, "ports").map((port, index) => {
    const wanted = numberField(port, "nodePort") ?? 0;
    const nodePort = wanted === 0 ? freeNodePort(service, taken, view) : wanted;
    const problem = nodePortProblem(nodePort, taken);
    if (problem !== undefined) throw refuse(service, `spec.ports[${index}].nodePort`, problem);
    taken.add(nodePort);
    return { ...port, nodePort };
  });
  return { ...service, spec: { ...spec, ports } };
}

function freeNodePort(
  service: KubeObject,
  taken: ReadonlySet<number | undefined>,
  view: StrategyView,
): number {
  const count = NODE_PORTS.last - NODE_PORTS.first + 1;
  const start = Math.floor(view.random() * count);
  for (let step = 0; step < count; step += 1) {
    const port = NODE_PORTS.first + ((start + step) % count);
    if (!taken.has(port)) return port;
  }
  throw refuse(service, "spec.ports", "Internal error: the range of node ports is full");
}

function nodePortProblem(port: number, taken: ReadonlySet<number | undefined>): string | undefined {
  const { first, last } = NODE_PORTS;
  if (taken.has(port)) return `Invalid value: ${port}: provided port is already allocated`;
  if (port >= first && port <= last) return undefined;
  return `Invalid value: ${port}: provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
}

function refuse(service: KubeObject, field: string, message: string): Error {
  return invalid({ group: "", kind: "Service" }, service.metadata.name, [
    { reason: "FieldValueInvalid", message, field },
  ]);
}

function isSame(one: KubeObject, other: KubeObject): boolean {
  return one.metadata.name === other.metadata.name && one.metadata.namespace === other.metadata.namespace;
}

function specOf(service: KubeObject): JsonObject {
  return objectField(service, "spec") ?? {};
}

function pick(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]),
  );
}
