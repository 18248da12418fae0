import type { KubeObject } from "@bookmesh/kube-api";
import {
  at,
  isObject,
  lineOf,
  listOf,
  objectOf,
  objectsOf,
  parseJsonPath,
  textOf,
  type JsonObject,
  type ResourceKind,
  type ScalePaths,
  type Schema,
} from "@bookmesh/kube-model";
import { customPrinter } from "@bookmesh/kube-printing";
import { schemaLookup, type SchemaLookup } from "../definitions.ts";
import { STORED_VERBS } from "../kinds/row.ts";

const OBJECT_META = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** The rows of a valid CustomResourceDefinition: one for each version it serves. */
export function customKinds(definition: KubeObject): readonly ResourceKind[] {
  const lookup = schemaLookup();
  return objectsOf(at(definition, "spec", "versions"))
    .filter((version) => version["served"] === true)
    .map((version) => customKind(objectOf(definition["spec"]), version, lookup));
}

function customKind(spec: JsonObject, version: JsonObject, lookup: SchemaLookup): ResourceKind {
  const names = objectOf(spec["names"]);
  const kind = textOf(names["kind"]);
  const group = textOf(spec["group"]);
  const versionName = textOf(version["name"]);
  const scale = scaleOf(at(version, "subresources", "scale"));
  const hasStatus = at(version, "subresources", "status") !== undefined;
  return {
    group,
    version: versionName,
    kind,
    plural: textOf(names["plural"]),
    namespaced: spec["scope"] === "Namespaced",
    singular: textOf(names["singular"]) || kind.toLowerCase(),
    listKind: textOf(names["listKind"]) || `${kind}List`,
    shortNames: listOf(names["shortNames"]).map(textOf),
    categories: listOf(names["categories"]).map(textOf),
    verbs: STORED_VERBS,
    subresources: [...(scale === undefined ? [] : ["scale"]), ...(hasStatus ? ["status"] : [])],
    schema: customSchema(version, lookup),
    definition: `${group.split(".").toReversed().join(".")}.${versionName}.${kind}`,
    definitionOf: lookup.definitionOf,
    isCustom: true,
    printer: customPrinter(version["additionalPrinterColumns"]),
    hasGeneration: true,
    nameRule: "subdomain",
    selectableFields: selectableFieldsOf(version["selectableFields"]),
    rules: {},
    ...(scale !== undefined && { scale }),
    ...(version["deprecated"] === true && { deprecation: deprecationOf(group, kind, version) }),
  };
}

/** What its author says of a version that shall not be used any more, or else what Kubernetes does. */
function deprecationOf(group: string, kind: string, { name, deprecationWarning }: JsonObject): string {
  return textOf(deprecationWarning) || `${group}/${textOf(name)} ${kind} is deprecated`;
}

/** The version's schema with what every object has: `apiVersion`, `kind`, and metadata as all others. */
function customSchema(version: JsonObject, lookup: SchemaLookup): Schema {
  // The definition has passed the rules for structural schemas, which are what the type says.
  const own = objectOf(at(version, "schema", "openAPIV3Schema")) as Schema;
  return {
    ...own,
    type: "object",
    properties: {
      ...own.properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: lookup.schemaOf(OBJECT_META),
    },
  };
}

function scaleOf(scale: unknown): ScalePaths | undefined {
  if (!isObject(scale)) return undefined;
  const labelSelectorPath = textOf(scale["labelSelectorPath"]);
  return {
    specReplicasPath: textOf(scale["specReplicasPath"]),
    statusReplicasPath: textOf(scale["statusReplicasPath"]),
    ...(labelSelectorPath !== "" && { labelSelectorPath }),
  };
}

function selectableFieldsOf(fields: unknown): ResourceKind["selectableFields"] {
  const entries = objectsOf(fields).map((field) => {
    const text = textOf(field["jsonPath"]);
    const path = parseJsonPath(text);
    const valueOf = (object: KubeObject) => lineOf(path?.(object)[0]);
    return [text.replace(/^\./, ""), valueOf] as const;
  });
  return Object.fromEntries(entries);
}
