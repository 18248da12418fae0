import { parseMediaType } from "@bookmesh/registry";

const FORMS = [
  "Table",
  "PartialObjectMetadata",
  "PartialObjectMetadataList",
  "APIGroupDiscoveryList",
] as const;

/** How an answer shall look, beyond plain JSON. */
export interface Negotiated {
  readonly as?: (typeof FORMS)[number];
  readonly yaml: boolean;
}

/** Chooses the first form of an `Accept` header that is served here; `undefined` when there is none. */
export function negotiate(accept: string | undefined): Negotiated | undefined {
  if (accept === undefined || accept === "") return { yaml: false };
  for (const each of accept.split(",")) {
    const { type, parameters } = parseMediaType(each);
    const yaml = type === "application/yaml" || type === "text/yaml";
    if (!yaml && !["application/json", "*/*", "application/*", "text/*"].includes(type)) continue;
    const { as, v } = parameters;
    if (as === undefined) return { yaml };
    const form = FORMS.find((known) => known === as);
    const served = form === "APIGroupDiscoveryList" ? v === "v2" : v === "v1";
    if (form !== undefined && served) return { as: form, yaml };
  }
  return undefined;
}
