/** What a path below `/api` or `/apis` names. */
export type Route =
  | { readonly type: "core-versions" }
  | { readonly type: "groups" }
  | { readonly type: "group"; readonly group: string }
  | { readonly type: "resources"; readonly group: string; readonly version: string }
  | ResourceRoute;

/** A path to a collection (`name` absent), to an object, or to a part of one. */
export interface ResourceRoute {
  readonly type: "resource";
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads a path; `undefined` where it names nothing of the API. `path` is still percent-encoded. */
export function parseRoute(path: string): Route | undefined {
  const segments = decodeSegments(path);
  if (segments === undefined) return undefined;
  const [root, ...rest] = segments;
  if (root === "api")
    return below({ group: "" }, rest) ?? (rest.length === 0 ? { type: "core-versions" } : undefined);
  if (root !== "apis") return undefined;
  const [group, ...versioned] = rest;
  if (group === undefined) return { type: "groups" };
  return versioned.length === 0 ? { type: "group", group } : below({ group }, versioned);
}

function decodeSegments(path: string): readonly string[] | undefined {
  try {
    const segments = path
      .replace(/^\/|\/$/g, "")
      .split("/")
      .map(decodeURIComponent);
    return segments.includes("") || segments.some((each) => each.includes("/")) ? undefined : segments;
  } catch {
    return undefined; // a broken percent-encoding names nothing
  }
}

function below({ group }: { readonly group: string }, segments: readonly string[]): Route | undefined {
  const [version, ...rest] = segments;
  if (version === undefined) return undefined;
  if (rest.length === 0) return { type: "resources", group, version };
  const target = rest[0] === "watch" && rest.length > 1 ? undefined : targetOf(rest, group === "");
  return target && { type: "resource", group, version, ...target };
}

type Target = Pick<ResourceRoute, "plural" | "namespace" | "name" | "subresource">;

/** `namespaces/x/pods/y/log`, `nodes/y`; `namespaces/x` and its own parts are about the namespace itself. */
function targetOf(segments: readonly string[], core: boolean): Target | undefined {
  const [first, namespace, third] = segments;
  const own = core && (third === "status" || third === "finalize") && segments.length === 3;
  if (first === "namespaces" && namespace !== undefined && third !== undefined && !own) {
    const target = plain(segments.slice(2));
    return target && { ...target, namespace };
  }
  return plain(segments);
}

function plain([plural, name, subresource, ...more]: readonly string[]): Target | undefined {
  if (plural === undefined || more.length > 0) return undefined;
  return {
    plural,
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
