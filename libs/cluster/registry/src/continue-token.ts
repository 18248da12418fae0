import { badRequest } from "@bookmesh/cluster-api";

/** Where the next chunk of a list begins: the list as of `version`, after `after` (`namespace/name`). */
export interface ContinueToken {
  readonly version: number;
  readonly after: string;
}

/** Writes the token as clients send it back. */
export function writeContinueToken({ version, after }: ContinueToken): string {
  return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", rv: version, start: after })).toString(
    "base64url",
  );
}

/** Reads a token; throws BadRequest. */
export function readContinueToken(text: string): ContinueToken {
  const value = parse(text);
  if (typeof value === "object" && value !== null && "rv" in value && "start" in value) {
    const { rv, start } = value;
    if (typeof rv === "number" && typeof start === "string") return { version: rv, after: start };
  }
  throw badRequest("invalid continue token: continue key is not valid");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined; // told as an invalid token
  }
}
