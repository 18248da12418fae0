import type { KubeObject } from "@bookmesh/kube-api";
import {
  DEFAULT_MESH_CONFIG,
  type DestinationRule,
  type Gateway,
  type VirtualService,
} from "@bookmesh/mesh-api";
import type { MeshSnapshot, ProxyView } from "@bookmesh/translate";
import type { Case } from "./cases.ts";
import { EDGE } from "./edge.ts";
import { shopIn, type Shop } from "./shop.ts";

/** The application whose sidecar is told. */
export const CALLER: ProxyView = {
  namespace: "default",
  labels: { app: "book" },
  podIp: "10.9.9.9",
  applicationAddress: "127.0.0.1",
  wildcards: ["0.0.0.0"],
};

/** A case in its place in the mesh. */
export interface PlacedCase {
  readonly name: string;
  readonly namespace: string;
  readonly shop: Shop;
  readonly rules: readonly KubeObject[];
}

/** Gives a case a namespace of its own. */
export function placedCase({ name, rules }: Case, index: number): PlacedCase {
  const namespace = `case-${index}`;
  return {
    name,
    namespace,
    shop: shopIn(namespace, index),
    rules: rules.map((rule) => inNamespace(rule, namespace)),
  };
}

/** Outside names become the case's own too: one mesh has one rule for a name. */
function inNamespace(rule: KubeObject, namespace: string): KubeObject {
  const text = JSON.stringify({ ...rule, metadata: { ...rule.metadata, namespace } });
  return JSON.parse(text.replaceAll("example.com", `${namespace}.example.com`)) as KubeObject;
}

/** All cases as one mesh. */
export function snapshotOf(placed: readonly PlacedCase[]): MeshSnapshot {
  const rules = placed.flatMap((one) => one.rules);
  const shops = [EDGE, ...placed.map(({ shop }) => shop)];
  return {
    namespaces: [],
    services: shops.map(({ service }) => service),
    pods: shops.flatMap(({ pods }) => pods),
    endpointSlices: shops.map(({ slice }) => slice),
    virtualServices: rules.filter((rule): rule is VirtualService => rule.kind === "VirtualService"),
    destinationRules: rules.filter((rule): rule is DestinationRule => rule.kind === "DestinationRule"),
    gateways: rules.filter((rule): rule is Gateway => rule.kind === "Gateway"),
    credentials: [],
    meshConfig: DEFAULT_MESH_CONFIG,
  };
}
