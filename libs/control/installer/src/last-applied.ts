import type { KubeObject } from "@bookmesh/kube-api";
import { isFields, type Fields } from "./three-way-merge.ts";

/** Where `kubectl apply` remembers what it applied; we keep to it, so that both can follow each other. */
const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

/** `object` with the note of what it is applied as. */
export function withLastApplied(object: KubeObject): KubeObject {
  const others = Object.entries(object.metadata.annotations ?? {}).filter(([name]) => name !== ANNOTATION);
  const annotations = Object.fromEntries(others);
  const bare = { ...object, metadata: { ...object.metadata, annotations } };
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, [ANNOTATION]: `${goJson(bare)}\n` } },
  };
}

/** What was applied before; `undefined` where nothing was, or nothing that can be read. */
export function lastAppliedOf(object: KubeObject): Fields | undefined {
  const text = object.metadata.annotations?.[ANNOTATION];
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined; // somebody edited it: as if it were not there
  }
}

/** JSON as kubectl writes it, byte for byte: sorted fields, and no character that HTML knows. */
function goJson(value: unknown): string {
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isFields(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]));
}
