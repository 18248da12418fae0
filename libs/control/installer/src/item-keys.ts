import type { Fields, ItemKey } from "./three-way-merge.ts";

/** The lists of Kubernetes' own kinds whose items have a name, and what it is. Source: `patchMergeKey` of its API. */
const NAMED_BY = new Map([
  ["containers", "name"],
  ["initContainers", "name"],
  ["env", "name"],
  ["volumes", "name"],
  ["imagePullSecrets", "name"],
  ["webhooks", "name"],
  ["volumeMounts", "mountPath"],
  ["hostAliases", "ip"],
  ["conditions", "type"],
]);

/** How the items of lists correspond in objects of `apiVersion`; custom resources have no such lists. */
export function itemKeyFor(apiVersion: string): ItemKey {
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return group.includes(".") && !group.endsWith(".k8s.io") ? () => undefined : builtInKey;
}

function builtInKey(field: string, item: Fields): string | undefined {
  if (field === "ports") return portKey(item);
  const name = NAMED_BY.get(field);
  const value = name === undefined ? undefined : item[name];
  return typeof value === "string" ? value : undefined;
}

function portKey({ port, containerPort, protocol = "TCP" }: Fields): string | undefined {
  const number = containerPort ?? port;
  return typeof number === "number" && typeof protocol === "string" ? `${number}/${protocol}` : undefined;
}
