import { isFieldSet, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import type { ConfigIssue } from "@bookmesh/kernel";

/** Where a decoder is in a resource, and the list that takes what is wrong there. */
export interface Place {
  readonly path: string;
  readonly issues: ConfigIssue[];
}

/** The place of a resource, with an empty list: `clusters[name]`. */
export function placeOf(
  kind: "listeners" | "routes" | "clusters" | "endpoints" | "secrets",
  name: string,
): Place {
  return { path: `${kind}[${name}]`, issues: [] };
}

/** The place of a field, or of the element `index` of a repeated one. */
export function below(place: Place, field: string, index?: number | string): Place {
  const path = index === undefined ? field : `${field}[${index}]`;
  return { path: `${place.path}.${path}`, issues: place.issues };
}

/** Notes an issue; `problem` is a sentence without its subject. */
export function complain(place: Place, problem: string): void {
  place.issues.push({ path: place.path, problem });
}

/**
 * Refuses, by name, every field that is set and not in `honoured` (names as in the .proto file).
 * This is what keeps the proxy from accepting a configuration that it would not carry out.
 */
export function refuseFieldsBut<Desc extends DescMessage>(
  place: Place,
  [schema, message]: readonly [Desc, MessageShape<Desc>],
  honoured: readonly string[],
): void {
  for (const field of schema.fields) {
    if (isFieldSet(message, field) && !honoured.includes(field.name))
      complain(below(place, field.name), "is not supported by this proxy");
  }
  for (const { no } of message.$unknown ?? [])
    complain(place, `has the field number ${no}, which this proxy does not know`);
}
