import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "@bookmesh/kube-api";
import { parseAllDocuments } from "yaml";
import { isFields } from "./three-way-merge.ts";

/** An object as a file describes it, and which file. */
export interface Manifest {
  readonly object: KubeObject;
  /** For messages: `deploy/samples/article/virtual-service-v1.yml`, or `STDIN`. */
  readonly source: string;
}

/** The objects of a file, or of all `.yml`, `.yaml` and `.json` files of a folder, in the order of their names. */
export function readManifests(path: string): readonly Manifest[] {
  return filesOf(path).flatMap((file) => parseManifests(readFileSync(file, "utf8"), file));
}

/** The objects in a text of YAML documents or JSON; a `List` is taken apart. Throws a sentence that names the source. */
export function parseManifests(text: string, source: string): readonly Manifest[] {
  const documents = parseAllDocuments(text);
  const values = "empty" in documents ? [] : documents;
  return values.flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(`${source} is not YAML: ${error.message}`, { cause: error });
    const value: unknown = document.toJS({ maxAliasCount: 100 }); // more is an attack on memory
    return value === null ? [] : objectsOf(value, source).map((object) => ({ object, source }));
  });
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch (cause) {
    throw new Error(`The path "${path}" does not exist.`, { cause });
  }
  const names = readdirSync(path).filter((name) => /\.(ya?ml|json)$/.test(name));
  if (names.length === 0) throw new Error(`The folder "${path}" holds no .yml, .yaml or .json file.`);
  return names.sort().map((name) => join(path, name));
}

function objectsOf(value: unknown, source: string): readonly KubeObject[] {
  if (isFields(value) && value["kind"] === "List" && Array.isArray(value["items"])) {
    return (value["items"] as readonly unknown[]).flatMap((item) => objectsOf(item, source));
  }
  if (!isFields(value)) throw new Error(`${source} holds a document that is not an object.`);
  for (const field of ["apiVersion", "kind"]) {
    if (typeof value[field] !== "string") throw new Error(`${source} holds an object without "${field}".`);
  }
  const { metadata } = value;
  if (!isFields(metadata) || typeof metadata["name"] !== "string") {
    throw new Error(`${source} holds a ${String(value["kind"])} without "metadata.name".`);
  }
  // Just checked: what is left of the shape is the API server's to judge.
  return [value as unknown as KubeObject];
}
