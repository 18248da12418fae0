import { stringify } from "yaml";
import type { KubeObject } from "@bookmesh/kube-api";
import { customResourceDefinitions } from "@bookmesh/mesh-api";
import { meshObjects } from "../mesh-objects.ts";
import { overRunning } from "../objects/over-running.ts";
import type { InstallValues } from "../values/install-values.ts";
import {
  chartPath,
  DEFAULT_TAG,
  FLAG_NAMES,
  PROFILES,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
} from "../values/settings.ts";
import { profileYaml, valuesSchema, valuesYaml } from "./chart-values.ts";
import { choose, printTemplate, type TemplatePart } from "./template.ts";

/** A file of the chart, and where it lies there. */
export interface ChartFile {
  readonly path: string;
  readonly text: string;
}

/** What Helm has its own ways for: kinds lie in `crds`, and `--create-namespace` makes the namespace. */
const NOT_TEMPLATES: readonly string[] = ["CustomResourceDefinition", "Namespace"];

/** The Helm chart: the same functions that `bookmesh install` applies, with every value left open. */
export function chartFiles(): readonly ChartFile[] {
  return [
    { path: "Chart.yaml", text: chartYaml() },
    { path: "values.yaml", text: valuesYaml() },
    { path: "values.schema.json", text: valuesSchema() },
    ...PROFILES.map((profile) => ({ path: `profiles/${profile}.yaml`, text: profileYaml(profile) })),
    ...customResourceDefinitions().map((definition) => ({
      path: `crds/${definition.metadata.name}.yaml`,
      text: yamlOf(definition),
    })),
    ...templates(),
  ];
}

function chartYaml(): string {
  return yamlOf({
    apiVersion: "v2",
    name: "bookmesh",
    description: "A service mesh in TypeScript with Istio's resources.",
    type: "application",
    version: DEFAULT_TAG,
    appVersion: DEFAULT_TAG,
    kubeVersion: ">=1.29.0-0",
  });
}

function templates(): readonly ChartFile[] {
  const everything = objectsWhere(allFlags(true));
  return [...everything.keys()].map((path) => {
    const deciding = FLAG_NAMES.filter((flag) => {
      const without = objectsWhere({ ...allFlags(true), [flag]: false });
      return JSON.stringify(without.get(path)) !== JSON.stringify(everything.get(path));
    });
    return { path: `templates/${path}`, text: printTemplate(partsOf(path, deciding, allFlags(true))) };
  });
}

/** Asks for each deciding flag in turn, and renders the object at the end of each way. */
function partsOf(path: string, deciding: readonly SettingName[], chosen: Flags): readonly TemplatePart[] {
  const [flag, ...others] = deciding;
  if (flag === undefined) return linesOf(objectsWhere(chosen).get(path));
  return choose({
    condition: referenceTo(flag),
    yes: partsOf(path, others, { ...chosen, [flag]: true }),
    no: partsOf(path, others, { ...chosen, [flag]: false }),
  });
}

function linesOf(object: KubeObject | undefined): readonly TemplatePart[] {
  if (!object) return [];
  const lines = (one: KubeObject) => withNumbers(yamlOf(one)).trimEnd().split("\n");
  return choose({ condition: ".Release.IsInstall", yes: lines(object), no: lines(overRunning(object)) });
}

type Flags = Readonly<Partial<Record<SettingName, boolean>>>;

function allFlags(chosen: boolean): Flags {
  return Object.fromEntries(FLAG_NAMES.map((name) => [name, chosen]));
}

/** File name → object, where the flags are answered and every other value is left open. */
function objectsWhere(flags: Flags): ReadonlyMap<string, KubeObject> {
  const open = Object.fromEntries(SETTING_NAMES.map((name) => [name, openValue(name)]));
  const values = { ...open, ...flags } as unknown as InstallValues; // texts are expressions, numbers are marks
  const objects = meshObjects(values).filter(({ kind }) => !NOT_TEMPLATES.includes(kind));
  return new Map(objects.map((object) => [fileOf(object), object]));
}

function fileOf({ kind, metadata }: KubeObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/** A text is an expression of its own; a number is a mark, since a template's type has no room for an expression. */
function openValue(name: SettingName): string | number {
  if (typeof SETTINGS[name].default === "number") return FIRST_MARK + SETTING_NAMES.indexOf(name);
  return expressionOf(name);
}

/** A number that no object has by itself. */
const FIRST_MARK = 765_432_000;

function withNumbers(template: string): string {
  return template.replace(/\b765432\d{3}\b/g, (mark) => {
    const name = SETTING_NAMES[Number(mark) - FIRST_MARK];
    return name === undefined ? mark : expressionOf(name);
  });
}

function expressionOf(name: SettingName): string {
  return `{{ ${referenceTo(name)} }}`;
}

/** `.Values.pilot.replicaCount`; a part that is no name in a template's language is looked up as a text. */
function referenceTo(name: SettingName): string {
  return chartPath(SETTINGS[name].path)
    .split(".")
    .reduce(
      (tree, part) => (part.includes("-") ? `(index ${tree} "${part}")` : `${tree}.${part}`),
      ".Values",
    );
}

function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, version: "1.1" });
}
