import { isObject, type Schema } from "@bookmesh/kube-model";

/** A step of a `fieldPath`, as text, and whether it is a property's name or the key of a map. */
const STEP = /\.([A-Za-z_][\w-]*)|\['((?:[^'\\]|\\.)*)'\]/y;

/** The path of a field below a value of `schema`, as issues write it; `undefined` where there is no such field. */
export function fieldBelow(schema: Schema, fieldPath: string): string | undefined {
  let below = "";
  let place: Schema | undefined = schema;
  let position = 0;
  while (position < fieldPath.length) {
    STEP.lastIndex = position;
    const found = STEP.exec(fieldPath);
    if (found === null) return undefined;
    position = STEP.lastIndex;
    const name: string = found[1] ?? (found[2] ?? "").replaceAll(/\\(.)/g, "$1");
    const step = stepInto(place, name);
    if (step === undefined) return undefined;
    below += step.text;
    place = step.schema;
  }
  return below === "" ? undefined : below;
}

function stepInto(
  { properties, additionalProperties }: Schema,
  name: string,
): { readonly text: string; readonly schema: Schema } | undefined {
  const property = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (property) return { text: `.${name}`, schema: property };
  return isObject(additionalProperties) ? { text: `[${name}]`, schema: additionalProperties } : undefined;
}
