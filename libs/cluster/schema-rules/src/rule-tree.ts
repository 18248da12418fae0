import type { Environment } from "@marcbachmann/cel-js";
import { isObject, type Schema, type ValidationRule } from "@bookmesh/kube-model";
import { compileRule, type CompiledRule, type RuleFault } from "./compile-rule.ts";
import { ruleEnvironment } from "./rule-environment.ts";
import { shapeOf, type Shape } from "./shape.ts";

/** The rules that stand at a schema and at its parts. */
export interface RuleNode {
  readonly schema: Schema;
  readonly shape: Shape;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, RuleNode>;
  /** At the values of a map. */
  readonly values?: RuleNode;
  readonly items?: RuleNode;
}

/** A rule that cannot be asked. */
export interface BrokenRule {
  /** Of the schema that it stands at: `.properties[spec]`. */
  readonly path: string;
  readonly index: number;
  readonly source: ValidationRule;
  readonly fault: RuleFault;
}

/** The rules of a schema. `broken` are those that cannot be compiled, the innermost first; they are not asked. */
export interface RuleTree {
  readonly root?: RuleNode;
  readonly broken: readonly BrokenRule[];
}

/** What rules see of an object's metadata. Source: Kubernetes, "Validation rules": `metadata.name`, `metadata.generateName`. */
const METADATA: Schema = {
  type: "object",
  properties: { name: { type: "string" }, generateName: { type: "string" } },
};

/** Compiles all rules of a custom resource's schema; a tree without root has none. */
export function ruleTree(schema: Schema): RuleTree {
  if (!JSON.stringify(schema).includes('"x-kubernetes-validations"')) return { broken: [] };
  const text: Schema = { type: "string" };
  const whole: Schema = {
    ...schema,
    type: "object",
    properties: { ...schema.properties, apiVersion: text, kind: text, metadata: METADATA },
  };
  const shapes = { environment: ruleEnvironment(), bySchema: new Map<Schema, Shape>() };
  shapeOf(whole, shapes);
  const broken: BrokenRule[] = [];
  const root = nodeOf(whole, { ...shapes, broken, path: "" });
  return { broken, ...(root && { root }) };
}

interface Place {
  readonly environment: Environment;
  readonly bySchema: ReadonlyMap<Schema, Shape>;
  readonly broken: BrokenRule[];
  readonly path: string;
  /** The list in which nobody can tell which entry was which before. */
  readonly loose?: string;
}

/** `undefined` where neither the schema nor a part of it has a rule. */
function nodeOf(schema: Schema, place: Place): RuleNode | undefined {
  const shape = place.bySchema.get(schema);
  if (shape === undefined) return undefined; // a part that values cannot have
  const at = (part: string) => ({ ...place, path: `${place.path}${part}` });
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const node = nodeOf(inner, at(`.properties[${name}]`));
    return node ? [[name, node] as const] : [];
  });
  const { additionalProperties, items: entries } = schema;
  const values = isObject(additionalProperties)
    ? nodeOf(additionalProperties, at(".additionalProperties"))
    : undefined;
  const isLoose = schema["x-kubernetes-list-type"] !== "map" && place.loose === undefined;
  const items = entries && nodeOf(entries, { ...at(".items"), ...(isLoose && { loose: place.path }) });
  const rules = rulesAt(schema, shape, place);
  if (rules.length + properties.length === 0 && !values && !items) return undefined;
  return {
    schema,
    shape,
    rules,
    properties: new Map(properties),
    ...(values && { values }),
    ...(items && { items }),
  };
}

function rulesAt(
  schema: Schema,
  shape: Shape,
  { environment, broken, path, loose }: Place,
): readonly CompiledRule[] {
  return (schema["x-kubernetes-validations"] ?? []).flatMap((source, index) => {
    if (source.rule.trim() === "") return []; // told among the rule's fields
    const compiled = compileRule(source, shape, environment);
    const faults = compiled.ok ? looseFaults(compiled.value, loose) : compiled.error;
    broken.push(...faults.map((fault) => ({ path, index, source, fault })));
    return compiled.ok && faults.length === 0 ? [compiled.value] : [];
  });
}

function looseFaults({ usesOld }: CompiledRule, loose: string | undefined): readonly RuleFault[] {
  if (!usesOld || loose === undefined) return [];
  const sentence = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${loose}`;
  return [{ part: "rule", sentence }];
}
