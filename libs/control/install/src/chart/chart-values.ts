import type { SettingValues, Profile, Setting } from "../values/settings.ts";
import { chartPath, SETTING_NAMES, SETTINGS } from "../values/settings.ts";

/** Something for each setting, nested as in the chart's values. */
export interface ValueTree<Leaf> {
  readonly [key: string]: Leaf | ValueTree<Leaf>;
}

/** Chosen values as the chart takes them. */
export function chartValues(values: SettingValues): ValueTree<string | number | boolean> {
  return treeOf(SETTING_NAMES.map((name) => [chartPath(SETTINGS[name].path), values[name]]));
}

/** `values.yaml`: every value with what it means. */
export function valuesYaml(): string {
  const leaves = SETTING_NAMES.map((name): [string, Row] => {
    const { path, description, default: value }: Setting = SETTINGS[name];
    return [chartPath(path), { description, value }];
  });
  return `# Every value of the chart, as in profile "default".\n${yamlOf(treeOf(leaves), "")}`;
}

/** `profiles/<name>.yaml`: where a profile differs. */
export function profileYaml(profile: Profile): string {
  const leaves = SETTING_NAMES.flatMap((name): readonly [string, Row][] => {
    const { path, description, profiles }: Setting = SETTINGS[name];
    const value = profile === "default" ? undefined : profiles?.[profile];
    return value === undefined ? [] : [[chartPath(path), { description, value }]];
  });
  const body = leaves.length === 0 ? "{}\n" : yamlOf(treeOf(leaves), "");
  return `# Where profile "${profile}" differs from the chart's values.\n${body}`;
}

/** `values.schema.json`: a value that does not exist is refused. */
export function valuesSchema(): string {
  const leaves = SETTING_NAMES.map((name): [string, LeafSchema] => {
    const { path, description, type }: Setting = SETTINGS[name];
    return [chartPath(path), { schema: { description, ...type.schema } }];
  });
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...objectSchema(treeOf(leaves)) };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

interface Row {
  readonly description: string;
  readonly value: string | number | boolean;
}

interface LeafSchema {
  readonly schema: object;
}

function yamlOf(tree: ValueTree<Row>, indent: string): string {
  return Object.entries(tree)
    .map(([key, inner]) =>
      isRow(inner)
        ? `${indent}# ${inner.description}\n${indent}${key}: ${JSON.stringify(inner.value)}\n`
        : `${indent}${key}:\n${yamlOf(inner, `${indent}  `)}`,
    )
    .join("");
}

function isRow(value: Row | ValueTree<Row>): value is Row {
  return typeof value["description"] === "string";
}

function objectSchema(tree: ValueTree<LeafSchema>): object {
  const properties = Object.entries(tree).map(([key, inner]) => [
    key,
    isLeafSchema(inner) ? inner.schema : objectSchema(inner),
  ]);
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(properties) as object,
  };
}

function isLeafSchema(value: LeafSchema | ValueTree<LeafSchema>): value is LeafSchema {
  return "schema" in value;
}

/** Nests leaves by the parts of their paths. */
function treeOf<Leaf>(leaves: readonly (readonly [path: string, leaf: Leaf])[]): ValueTree<Leaf> {
  const groups = Map.groupBy(leaves, ([path]) => path.split(".", 1)[0] ?? path);
  const entries = [...groups].map(([head, members]): [string, Leaf | ValueTree<Leaf>] => {
    const leaf = members.find(([path]) => path === head);
    if (leaf) return [head, leaf[1]];
    return [head, treeOf(members.map(([path, inner]) => [path.slice(head.length + 1), inner]))];
  });
  return Object.fromEntries(entries);
}
