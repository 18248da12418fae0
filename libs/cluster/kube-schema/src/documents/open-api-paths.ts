import type { JsonObject, ResourceKind } from "@bookmesh/kube-model";
import { subresourceOf } from "./subresources.ts";

const JSON_TYPES = ["application/json", "application/yaml"];
const PATCH_TYPES = [
  "application/apply-patch+yaml",
  "application/json-patch+json",
  "application/merge-patch+json",
  "application/strategic-merge-patch+json",
];

/** The paths of a resource with their operations, as entries of OpenAPI's `paths`. */
export function resourcePaths(kind: ResourceKind): readonly (readonly [string, JsonObject])[] {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const collection = `${root}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.plural}`;
  const item = `${collection}/{name}`;
  const everywhere = kind.namespaced && kind.verbs.includes("list");
  return [
    ...(everywhere ? [[`${root}/${kind.plural}`, { get: operation(kind, "list") }] as const] : []),
    [collection, operations(kind, COLLECTION_VERBS)],
    [item, operations(kind, ITEM_VERBS)],
    ...kind.subresources.map((name) => [`${item}/${name}`, subresourceOperations(kind, name)] as const),
  ];
}

/** Which HTTP method a verb of the API is, for collections and for single objects. */
const COLLECTION_VERBS = { list: "get", create: "post", deletecollection: "delete" } as const;
const ITEM_VERBS = { get: "get", update: "put", patch: "patch", delete: "delete" } as const;

function operations(kind: ResourceKind, methods: Readonly<Record<string, string>>): JsonObject {
  const served = Object.entries(methods).filter(([verb]) => kind.verbs.includes(verb));
  return Object.fromEntries(served.map(([verb, method]) => [method, operation(kind, verb)]));
}

function subresourceOperations(kind: ResourceKind, name: string): JsonObject {
  const { verbs, responseKind } = subresourceOf(kind, name);
  const methods: Readonly<Record<string, string>> = {
    get: "get",
    update: "put",
    patch: "patch",
    create: "post",
  };
  return Object.fromEntries(
    verbs.map((verb) => [methods[verb] ?? verb, { ...operation(kind, verb), [GVK]: responseKind }]),
  );
}

const GVK = "x-kubernetes-group-version-kind";

function operation(kind: ResourceKind, verb: string): JsonObject {
  const { group, version } = kind;
  const schema = { $ref: `#/components/schemas/${kind.definition}${verb === "list" ? "List" : ""}` };
  return {
    operationId: `${verb}${group.replaceAll(/[^a-z0-9]/gi, "")}${version}${kind.kind}`,
    parameters: parametersOf(kind, verb),
    ...bodyOf(kind, verb),
    responses: { "200": { description: "OK", content: contentOf(JSON_TYPES, schema) } },
    "x-kubernetes-action": verb === "create" ? "post" : verb === "update" ? "put" : verb,
    [GVK]: { group, version, kind: kind.kind },
  };
}

function bodyOf(kind: ResourceKind, verb: string): JsonObject {
  const own = { $ref: `#/components/schemas/${kind.definition}` };
  if (verb === "patch") {
    const types = kind.isCustom ? PATCH_TYPES.filter((type) => !type.includes("strategic")) : PATCH_TYPES;
    return { requestBody: { required: true, content: contentOf(types, { type: "object" }) } };
  }
  if (verb !== "create" && verb !== "update") return {};
  return { requestBody: { required: true, content: contentOf(JSON_TYPES, own) } };
}

function contentOf(types: readonly string[], schema: JsonObject): JsonObject {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function parametersOf(kind: ResourceKind, verb: string): readonly JsonObject[] {
  const path = [...(kind.namespaced ? ["namespace"] : []), ...(verb in ITEM_VERBS ? ["name"] : [])];
  return [
    ...path.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
    ...queryOf(verb).map(([name, type]) => ({ name, in: "query", schema: { type, uniqueItems: true } })),
  ];
}

const WRITE = [
  ["dryRun", "string"],
  ["fieldManager", "string"],
  ["fieldValidation", "string"],
] as const;
const LIST = [
  ["labelSelector", "string"],
  ["fieldSelector", "string"],
  ["limit", "integer"],
  ["continue", "string"],
  ["resourceVersion", "string"],
  ["resourceVersionMatch", "string"],
  ["sendInitialEvents", "boolean"],
  ["timeoutSeconds", "integer"],
  ["watch", "boolean"],
] as const;
const DELETE = [
  ["dryRun", "string"],
  ["gracePeriodSeconds", "integer"],
  ["orphanDependents", "boolean"],
  ["propagationPolicy", "string"],
] as const;

function queryOf(verb: string): readonly (readonly [name: string, type: string])[] {
  switch (verb) {
    case "create":
    case "update":
      return WRITE;
    case "patch":
      return [...WRITE, ["force", "boolean"]];
    case "list":
      return LIST;
    case "delete":
      return DELETE;
    case "deletecollection":
      return [...LIST, ...DELETE];
    default:
      return [];
  }
}
