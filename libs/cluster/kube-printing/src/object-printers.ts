import type { KubeObject } from "@bookmesh/kube-api";
import { at, listOf, objectOf, objectsOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { AGE, CREATED_AT, formatSelector, NAME, NONE, printerOf, type Cell } from "./cells.ts";

/** Kinds without columns of their own: the name and the time of creation. */
export const PLAIN_PRINTER = printerOf([NAME, CREATED_AT]);

/** Namespaces. */
export const NAMESPACE_PRINTER = printerOf([
  NAME,
  { name: "Status", value: (namespace) => textOf(at(namespace, "status", "phase")) },
  AGE,
]);

/** ConfigMaps: how many entries. */
export const CONFIG_MAP_PRINTER = printerOf([
  NAME,
  { name: "Data", value: (configMap) => sizeOf(configMap["data"]) + sizeOf(configMap["binaryData"]) },
  AGE,
]);

/** Secrets: type and how many entries. */
export const SECRET_PRINTER = printerOf([
  NAME,
  { name: "Type", value: (secret) => textOf(secret["type"]) },
  { name: "Data", value: (secret) => sizeOf(secret["data"]) },
  AGE,
]);

/** ServiceAccounts. */
export const SERVICE_ACCOUNT_PRINTER = printerOf([
  NAME,
  { name: "Secrets", value: (account) => listOf(account["secrets"]).length },
  AGE,
]);

/** Leases: who holds them. */
export const LEASE_PRINTER = printerOf([
  NAME,
  { name: "Holder", value: (lease) => textOf(at(lease, "spec", "holderIdentity")) },
  AGE,
]);

/** NetworkPolicies: which pods they are for. */
export const NETWORK_POLICY_PRINTER = printerOf([
  NAME,
  { name: "Pod-Selector", value: (policy) => formatSelector(at(policy, "spec", "podSelector")) },
  AGE,
]);

/** PriorityClasses. */
export const PRIORITY_CLASS_PRINTER = printerOf([
  NAME,
  { name: "Value", type: "integer", value: (priority) => priority["value"] },
  { name: "Global-Default", type: "boolean", value: (priority) => priority["globalDefault"] === true },
  AGE,
  { name: "PreemptionPolicy", value: (priority) => textOf(priority["preemptionPolicy"]) },
]);

/** Webhook configurations: how many webhooks. */
export const WEBHOOKS_PRINTER = printerOf([
  NAME,
  {
    name: "Webhooks",
    type: "integer",
    value: (configuration) => listOf(configuration["webhooks"]).length,
  },
  AGE,
]);

/** Role bindings, of both scopes. */
export const BINDING_PRINTER = printerOf([
  NAME,
  {
    name: "Role",
    value: (binding) => `${textOf(at(binding, "roleRef", "kind"))}/${textOf(at(binding, "roleRef", "name"))}`,
  },
  AGE,
  subjectsCell("Users", "User", ({ name }) => textOf(name)),
  subjectsCell("Groups", "Group", ({ name }) => textOf(name)),
  subjectsCell(
    "ServiceAccounts",
    "ServiceAccount",
    ({ namespace, name }) => `${textOf(namespace)}/${textOf(name)}`,
  ),
]);

const NODE_INFO: readonly (readonly [column: string, field: string])[] = [
  ["OS-Image", "osImage"],
  ["Kernel-Version", "kernelVersion"],
  ["Container-Runtime", "containerRuntimeVersion"],
];

/** Nodes. */
export const NODE_PRINTER = printerOf([
  NAME,
  { name: "Status", value: nodeStatus },
  { name: "Roles", value: nodeRoles },
  AGE,
  { name: "Version", value: (node) => textOf(at(node, "status", "nodeInfo", "kubeletVersion")) },
  { name: "Internal-IP", wide: true, value: (node) => nodeAddress(node, "InternalIP") },
  { name: "External-IP", wide: true, value: (node) => nodeAddress(node, "ExternalIP") },
  ...NODE_INFO.map(([name, field]) => ({
    name,
    wide: true,
    value: (node: KubeObject) => textOf(at(node, "status", "nodeInfo", field)) || "<unknown>",
  })),
]);

function nodeStatus(node: KubeObject): string {
  const ready = objectsOf(at(node, "status", "conditions")).find(({ type }) => type === "Ready");
  const words = [ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady"];
  if (at(node, "spec", "unschedulable") === true) words.push("SchedulingDisabled");
  return words.join(",");
}

function nodeRoles({ metadata }: KubeObject): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length));
  return roles.sort().join(",") || NONE;
}

function nodeAddress(node: KubeObject, type: string): string {
  const address = objectsOf(at(node, "status", "addresses")).find((entry) => entry["type"] === type);
  return textOf(address?.["address"]) || NONE;
}

function subjectsCell(name: string, kind: string, nameOf: (subject: JsonObject) => string): Cell {
  return {
    name,
    wide: true,
    value: (binding) =>
      objectsOf(binding["subjects"])
        .filter((subject) => subject["kind"] === kind)
        .map(nameOf)
        .join(", "),
  };
}

function sizeOf(map: unknown): number {
  return Object.keys(objectOf(map)).length;
}
