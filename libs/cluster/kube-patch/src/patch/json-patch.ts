import { err, ok, type Result } from "@bookmesh/kernel";
import { equalJson, isObject, isTooDeep, type JsonObject } from "@bookmesh/kube-model";
import { indexOf, pointerSteps } from "./json-pointer.ts";
import { DOES_NOT_FIT, PatchError, TOO_DEEP, type PatchFailure } from "./patch-failure.ts";

/** Kubernetes' limit: more operations are refused with 413. */
const MAX_OPERATIONS = 10_000;

/** Kubernetes' limit for what `copy` may add in sum; without it a short patch could double a document without end. */
const MAX_COPIED_BYTES = 3 * 1024 * 1024;

/** A copy of the document that the operations change in place, and what `copy` has cost so far. */
interface Draft {
  document: unknown;
  copiedBytes: number;
}

/** Applies a JSON patch; the target stays as it is. Source: RFC 6902, and Kubernetes' limits. */
export function applyJsonPatch(target: unknown, patch: unknown): Result<unknown, PatchFailure> {
  if (!Array.isArray(patch) || !patch.every(isObject)) {
    return err({ code: 400, message: "error decoding patch: it is not a list of operations" });
  }
  if (isTooDeep(patch)) return err(TOO_DEEP);
  if (patch.length > MAX_OPERATIONS) {
    const message = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${patch.length}`;
    return err({ code: 413, message });
  }
  const draft: Draft = { document: structuredClone(target), copiedBytes: 0 };
  try {
    for (const operation of patch) apply(draft, operation);
    return ok(draft.document);
  } catch (error) {
    if (error instanceof PatchError) return err(error.failure);
    throw error;
  }
}

function apply(draft: Draft, operation: JsonObject): void {
  const path = pointerSteps(operation["path"]);
  switch (operation["op"]) {
    case "add":
      add(draft, path, structuredClone(valueOf(operation)));
      return;
    case "remove":
      remove(draft, path);
      return;
    case "replace":
      replace(draft, path, structuredClone(valueOf(operation)));
      return;
    case "move": {
      const from = pointerSteps(operation["from"]);
      if (path.length > from.length && from.every((step, index) => step === path[index])) refuse();
      add(draft, path, remove(draft, from));
      return;
    }
    case "copy":
      add(draft, path, copyOf(draft, pointerSteps(operation["from"])));
      return;
    case "test":
      if (!equalJson(lookUp(draft.document, path), valueOf(operation))) refuse();
      return;
    default:
      refuse();
  }
}

function add(draft: Draft, path: readonly string[], value: unknown): void {
  const last = path.at(-1);
  if (last === undefined) {
    draft.document = value;
    return;
  }
  const parent = lookUp(draft.document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const index = last === "-" || last === `${parent.length}` ? parent.length : indexOf(parent, last);
    parent.splice(index, 0, value);
  } else setField(parent, last, value);
}

/** As in Kubernetes, an object's field need not be there to be replaced. */
function replace(draft: Draft, path: readonly string[], value: unknown): void {
  const last = path.at(-1);
  const parent = last === undefined ? undefined : lookUp(draft.document, path.slice(0, -1));
  if (last !== undefined && Array.isArray(parent)) parent[indexOf(parent, last)] = value;
  else add(draft, path, value);
}

function remove(draft: Draft, path: readonly string[]): unknown {
  const last = path.at(-1);
  if (last === undefined) return refuse();
  const parent = lookUp(draft.document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const list: unknown[] = parent;
    return list.splice(indexOf(list, last), 1)[0];
  }
  const removed = lookUp(parent, [last]);
  if (isObject(parent)) Reflect.deleteProperty(parent, last);
  return removed;
}

function copyOf(draft: Draft, from: readonly string[]): unknown {
  const value = lookUp(draft.document, from);
  draft.copiedBytes += JSON.stringify(value).length;
  if (draft.copiedBytes > MAX_COPIED_BYTES) refuse();
  return structuredClone(value);
}

function lookUp(document: unknown, path: readonly string[]): unknown {
  let current = document;
  for (const step of path) {
    if (Array.isArray(current)) current = current[indexOf(current, step)];
    else if (isObject(current) && Object.hasOwn(current, step)) current = current[step];
    else refuse();
  }
  return current;
}

function setField(parent: unknown, field: string, value: unknown): void {
  if (isObject(parent)) Reflect.set(parent, field, value);
  else refuse();
}

function valueOf(operation: JsonObject): unknown {
  return Object.hasOwn(operation, "value") ? operation["value"] : refuse();
}

function refuse(): never {
  throw new PatchError(DOES_NOT_FIT);
}
