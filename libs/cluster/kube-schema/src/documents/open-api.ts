import { apiVersionOf } from "@bookmesh/kube-api";
import { isObject, type JsonObject, type ResourceKind } from "@bookmesh/kube-model";
import { DEFINITIONS } from "../definitions.ts";
import { resourcePaths } from "./open-api-paths.ts";

const REFERENCE = "#/components/schemas/";
const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const LIST_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";
const DELETE_OPTIONS = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
const SCALE = "io.k8s.api.autoscaling.v1.Scale";

/**
 * The OpenAPI v3 document of one group and version; `kinds` are the rows of that group and version.
 * It holds what kubectl reads: schemas for `explain`, `apply` and `diff`, and which parameters a write takes.
 */
export function openApiV3Document(kinds: readonly ResourceKind[]): JsonObject {
  const schemas = new Map<string, unknown>();
  for (const name of [OBJECT_META, DELETE_OPTIONS]) addDefinition(schemas, name);
  if (kinds.some(({ subresources }) => subresources.includes("scale"))) addDefinition(schemas, SCALE);
  for (const kind of kinds) {
    if (kind.isCustom) schemas.set(kind.definition, customDefinition(kind));
    else addDefinition(schemas, kind.definition);
    schemas.set(`${kind.definition}List`, listDefinition(kind));
  }
  schemas.set(LIST_META, LIST_META_SCHEMA);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.34.0" },
    paths: Object.fromEntries(kinds.flatMap(resourcePaths)),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

const LIST_META_SCHEMA = {
  type: "object",
  properties: {
    continue: { type: "string" },
    remainingItemCount: { type: "integer", format: "int64" },
    resourceVersion: { type: "string" },
    selfLink: { type: "string" },
  },
} as const;

/** Adds a built-in definition and all that it refers to. */
function addDefinition(schemas: Map<string, unknown>, name: string): void {
  if (schemas.has(name)) return;
  schemas.set(name, undefined);
  schemas.set(
    name,
    published(DEFINITIONS[name], (target) => addDefinition(schemas, target)),
  );
}

/** A schema as OpenAPI writes it: full references, wrapped where marks stand beside them, and quantities as what they accept. */
function published(source: unknown, refer: (name: string) => void): unknown {
  if (Array.isArray(source)) return source.map((item: unknown) => published(item, refer));
  if (!isObject(source)) return source;
  const { $ref, ...marks } = source;
  if (typeof $ref === "string") {
    refer($ref);
    const reference = { $ref: REFERENCE + $ref };
    return Object.keys(marks).length === 0 ? reference : { allOf: [reference], ...marks };
  }
  if (source["format"] === "quantity") return { oneOf: [{ type: "string" }, { type: "number" }] };
  if (source["x-kubernetes-int-or-string"] === true) {
    return { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] };
  }
  return Object.fromEntries(Object.entries(source).map(([key, value]) => [key, published(value, refer)]));
}

function customDefinition(kind: ResourceKind): JsonObject {
  const { group, version, schema } = kind;
  return {
    ...schema,
    properties: { ...schema.properties, metadata: { allOf: [{ $ref: REFERENCE + OBJECT_META }] } },
    "x-kubernetes-group-version-kind": [{ group, version, kind: kind.kind }],
  };
}

function listDefinition({ group, version, listKind, definition }: ResourceKind): JsonObject {
  return {
    type: "object",
    required: ["items"],
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { allOf: [{ $ref: REFERENCE + LIST_META }] },
      items: { type: "array", items: { $ref: REFERENCE + definition } },
    },
    "x-kubernetes-group-version-kind": [{ group, version, kind: listKind }],
    description: `A list of ${apiVersionOf({ group, version })} objects.`,
  };
}
