import type { KubeObject } from "@bookmesh/kube-api";
import { parseAllDocuments } from "yaml";

/** Reads users' YAML into the objects that it holds; what names no namespace is in `default`. */
export function readObjects(yaml: string): readonly KubeObject[] {
  return parseAllDocuments(yaml)
    .map((document) => {
      const value: unknown = document.toJS();
      return value;
    })
    .filter(isObject)
    .map((object) => ({ ...object, metadata: { namespace: "default", ...object.metadata } }));
}

function isObject(value: unknown): value is KubeObject {
  return typeof value === "object" && value !== null && "kind" in value && "metadata" in value;
}
