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
