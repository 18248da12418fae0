import type { KubeObject } from "@bookmesh/kube-api";
import { readDocuments } from "@bookmesh/yaml-lines";
import type { SourceText } from "./gather-files.ts";

/** An object of a file. */
export interface FileObject {
  readonly object: KubeObject;
  /** `rating.yml:6`: where a field stands, or what it would stand in. */
  readonly placeOf: (path: string) => string;
}

/** What files hold, and sentences on documents that hold no object. */
export interface FileObjects {
  readonly objects: readonly FileObject[];
  readonly problems: readonly string[];
}

/** Reads the objects of texts; those that name no namespace are in `namespace`. */
export function fileObjects(sources: readonly SourceText[], namespace: string): FileObjects {
  const objects: FileObject[] = [];
  const problems: string[] = [];
  for (const { name, text } of sources) {
    for (const { value, problem, lineOf } of readDocuments(text)) {
      const placeOf = (path: string) => `${name}:${lineOf(path)}`;
      if (problem === undefined) collect(value, { prefix: "", placeOf, namespace, objects, problems });
      else problems.push(`${name}:${problem.line}: is not YAML: ${problem.sentence}`);
    }
  }
  return { objects, problems };
}

interface Collection {
  /** The field that the object is in: `items[0].` of a List. */
  readonly prefix: string;
  readonly placeOf: (path: string) => string;
  readonly namespace: string;
  readonly objects: FileObject[];
  readonly problems: string[];
}

function collect(value: unknown, into: Collection): void {
  const { prefix, placeOf, namespace, objects, problems } = into;
  if (isFields(value) && value["kind"] === "List" && Array.isArray(value["items"])) {
    value["items"].forEach((item: unknown, index) => {
      collect(item, { ...into, prefix: `${prefix}items[${index}].` });
    });
    return;
  }
  if (!isObject(value)) {
    problems.push(`${placeOf(prefix)}: is no object with apiVersion, kind and metadata.name`);
    return;
  }
  const metadata = { ...(CLUSTER_KINDS.has(value.kind) ? {} : { namespace }), ...value.metadata };
  objects.push({ object: { ...value, metadata }, placeOf: (path) => placeOf(`${prefix}${path}`) });
}

/** Of the kinds that analyzers look at, those without a namespace. */
const CLUSTER_KINDS: ReadonlySet<string> = new Set(["Namespace"]);

function isObject(value: unknown): value is KubeObject {
  if (!isFields(value) || typeof value["apiVersion"] !== "string" || typeof value["kind"] !== "string")
    return false;
  const { metadata } = value;
  return (
    isFields(metadata) &&
    (typeof metadata["name"] === "string" || typeof metadata["generateName"] === "string")
  );
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
