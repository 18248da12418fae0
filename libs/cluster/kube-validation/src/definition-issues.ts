import type { KubeObject } from "@bookmesh/kube-api";
import {
  at,
  invalid,
  isObject,
  notSupported,
  objectOf,
  objectsOf,
  parseJsonPath,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { needed, oneOf, unchanged, uniqueNames } from "./checks.ts";
import { problems } from "./metadata-issues.ts";
import { dns1035Label } from "./name-rules.ts";
import { structuralIssues } from "./structural-issues.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];

/** What is wrong with a CustomResourceDefinition. */
export function definitionIssues(definition: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(definition["spec"]);
  const names = objectOf(spec["names"]);
  const versions = objectsOf(spec["versions"]);
  const fullName = `${textOf(names["plural"])}.${textOf(spec["group"])}`;
  return [
    ...(definition.metadata.name === fullName
      ? []
      : [invalid("metadata.name", definition.metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...needed("spec.group", spec["group"]),
    ...(spec["scope"] === undefined ? [required("spec.scope")] : []),
    ...oneOf("spec.scope", spec["scope"], ["Cluster", "Namespaced"]),
    ...versions.flatMap((version, index) => versionIssues(version, `spec.versions[${index}]`)),
    ...uniqueNames(
      versions.map(({ name }) => textOf(name)),
      (index) => `spec.versions[${index}].name`,
    ),
    ...storageIssues(versions),
    ...namesIssues(names),
    ...conversionIssues(objectOf(spec["conversion"])),
  ];
}

/** What a definition may not change: where its objects live. */
export function definitionChangeIssues(definition: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  const paths = [["group"], ["scope"], ["names", "kind"], ["names", "plural"]];
  return paths.flatMap((path) =>
    unchanged(`spec.${path.join(".")}`, at(definition, "spec", ...path), at(previous, "spec", ...path)),
  );
}

function versionIssues(version: JsonObject, field: string): readonly FieldIssue[] {
  const name = textOf(version["name"]);
  const schemaField = `${field}.schema.openAPIV3Schema`;
  const schema = at(version, "schema", "openAPIV3Schema");
  return [
    ...(name === "" ? [required(`${field}.name`)] : problems(`${field}.name`, name, dns1035Label)),
    ...(isObject(schema)
      ? structuralIssues(schema, schemaField)
      : [required(schemaField, "schemas are required")]),
    ...objectsOf(version["additionalPrinterColumns"]).flatMap((column, index) =>
      columnIssues(column, `${field}.additionalPrinterColumns[${index}]`),
    ),
    ...scaleIssues(at(version, "subresources", "scale"), `${field}.subresources.scale`),
  ];
}

function columnIssues({ name, type, jsonPath }: JsonObject, field: string): readonly FieldIssue[] {
  const isBroken = textOf(jsonPath) !== "" && parseJsonPath(textOf(jsonPath)) === undefined;
  return [
    ...needed(`${field}.name`, name),
    ...(COLUMN_TYPES.includes(textOf(type))
      ? []
      : [invalid(`${field}.type`, type, `must be one of ${COLUMN_TYPES.join(",")}`)]),
    ...needed(`${field}.jsonPath`, jsonPath),
    ...(isBroken ? [invalid(`${field}.jsonPath`, jsonPath, "is not a simple JSONPath")] : []),
  ];
}

function scaleIssues(scale: unknown, field: string): readonly FieldIssue[] {
  if (!isObject(scale)) return [];
  const { specReplicasPath, statusReplicasPath } = scale;
  return [
    ...needed(`${field}.specReplicasPath`, specReplicasPath),
    ...needed(`${field}.statusReplicasPath`, statusReplicasPath),
  ];
}

function storageIssues(versions: readonly JsonObject[]): readonly FieldIssue[] {
  const stored = versions.filter(({ storage }) => storage === true).length;
  const rule = "must have exactly one version marked as storage version";
  return stored === 1
    ? []
    : [
        invalid(
          "spec.versions",
          versions.map(({ name }) => name),
          rule,
        ),
      ];
}

function namesIssues(names: JsonObject): readonly FieldIssue[] {
  const lower = ["plural", "singular"].flatMap((field) =>
    nameIssues(`spec.names.${field}`, textOf(names[field])),
  );
  const mixed = ["kind", "listKind"].flatMap((field) => {
    const name = textOf(names[field]);
    if (name === "") return [required(`spec.names.${field}`)];
    return dns1035Label(name.toLowerCase()).map((problem) =>
      invalid(`spec.names.${field}`, name, `may have mixed case, but should otherwise match: ${problem}`),
    );
  });
  return [...lower, ...mixed];
}

function nameIssues(field: string, name: string): readonly FieldIssue[] {
  return name === "" ? [required(field)] : problems(field, name, dns1035Label);
}

/** Converting by webhook is not offered: a definition that needs it is refused, not stored and forgotten. */
function conversionIssues({ strategy }: JsonObject): readonly FieldIssue[] {
  if (strategy === undefined || strategy === "None") return [];
  return [notSupported("spec.conversion.strategy", strategy, ["None"])];
}
