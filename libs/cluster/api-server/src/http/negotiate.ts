/** One form that a client accepts: `application/json;as=Table;v=v1;g=meta.k8s.io`. */
export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Takes a media type apart; names in lower case. */
export function parseMediaType(text: string): MediaType {
  const [type = "", ...pairs] = text.split(";").map((part) => part.trim());
  const parameters = Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1).replace(/^"|"$/g, "")];
    }),
  );
  return { type: type.toLowerCase(), parameters };
}

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
