import { apiVersionOf } from "@bookmesh/kube-api";
import type { JsonObject, ResourceKind } from "@bookmesh/kube-model";
import { subresourceOf } from "./subresources.ts";

/** `GET /api/v1`, `GET /apis/apps/v1`: the rows of one group and version as an APIResourceList. */
export function apiResourceList(groupVersion: string, kinds: readonly ResourceKind[]): JsonObject {
  const rows = kinds.filter((kind) => apiVersionOf(kind) === groupVersion);
  return {
    kind: "APIResourceList",
    apiVersion: "v1",
    groupVersion,
    resources: rows.flatMap((kind) => [resourceOf(kind), ...subresourcesOf(kind)]),
  };
}

/**
 * `GET /api` and `GET /apis` for clients that accept `apidiscovery.k8s.io/v2`: everything below in one answer.
 * Groups and versions stand in the order of `kinds`, which is the order of preference.
 */
export function aggregatedDiscovery(kinds: readonly ResourceKind[]): JsonObject {
  const groups = Map.groupBy(kinds, ({ group }) => group);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: "apidiscovery.k8s.io/v2",
    metadata: {},
    items: [...groups].map(([group, members]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: [...Map.groupBy(members, ({ version }) => version)].map(([version, rows]) => ({
        version,
        resources: rows.map(aggregatedResource),
        freshness: "Current",
      })),
    })),
  };
}

function resourceOf(kind: ResourceKind): JsonObject {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.verbs,
    ...names(kind),
  };
}

function subresourcesOf(kind: ResourceKind): readonly JsonObject[] {
  return kind.subresources.map((name) => {
    const { verbs, responseKind } = subresourceOf(kind, name);
    const isForeign = responseKind.group !== kind.group || responseKind.version !== kind.version;
    return {
      name: `${kind.plural}/${name}`,
      singularName: "",
      namespaced: kind.namespaced,
      ...(isForeign && { group: responseKind.group, version: responseKind.version }),
      kind: responseKind.kind,
      verbs,
    };
  });
}

function aggregatedResource(kind: ResourceKind): JsonObject {
  const { group, version } = kind;
  const subresources = kind.subresources.map((name) => {
    const { responseKind, ...rest } = subresourceOf(kind, name);
    return { subresource: name, ...rest, responseKind: localKind(kind, responseKind) };
  });
  return {
    resource: kind.plural,
    responseKind: localKind(kind, { group, version, kind: kind.kind }),
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...names(kind),
    ...(subresources.length > 0 && { subresources }),
  };
}

interface ResponseKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** A kind of the group and version that are listed leaves both empty, as Kubernetes does it. */
function localKind({ group, version }: ResourceKind, answered: ResponseKind): ResponseKind {
  const isLocal = answered.group === group && answered.version === version;
  return isLocal ? { ...answered, group: "", version: "" } : answered;
}

function names({ shortNames, categories }: ResourceKind): JsonObject {
  return { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) };
}
