import type { KubeObject } from "@bookmesh/kube-api";

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** Applies a JSON patch (`add`, `replace`, `test`) where `body` is a list, else a merge patch. For specs alone. */
export function applyPatch<T extends KubeObject>(object: T, body: unknown): T {
  const copy = structuredClone(object);
  if (!Array.isArray(body)) return mergeInto(copy, body) as T;
  for (const operation of body as readonly Operation[]) applyOperation(copy, operation);
  return copy;
}

type Tree = Record<string, unknown>;

function applyOperation(root: unknown, { op, path, value }: Operation): void {
  const parts = path.split("/").slice(1);
  const last = parts.pop() ?? "";
  let at = root as Tree;
  for (const part of parts) at = at[part] as Tree;
  if (op === "test" && at[last] !== value) throw new Error(`The test of ${path} failed.`);
  if (op !== "test") at[last] = value;
}

function mergeInto(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Tree = { ...(target as Tree) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = mergeInto(merged[key] ?? {}, value);
  }
  return merged;
}
