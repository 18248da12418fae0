import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { KubeObject } from "@bookmesh/kube-api";
import { validateMeshResource } from "@bookmesh/mesh-api";
import { parseAllDocuments } from "yaml";

/** Rules of one author, all in a namespace of their own: many cases fit into one mesh. */
export interface Case {
  readonly name: string;
  readonly rules: readonly KubeObject[];
}

const SAMPLES = resolve(import.meta.dirname, "../../../deploy/samples");

/** The rules of each sample file, those that this version takes. */
export function sampleCases(): readonly Case[] {
  return readdirSync(SAMPLES, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((name) => ({ name, rules: rulesIn(join(SAMPLES, name)) }))
    .filter(({ rules }) => rules.length > 0);
}

function rulesIn(file: string): readonly KubeObject[] {
  return parseAllDocuments(readFileSync(file, "utf8"))
    .map((document) => {
      const value: unknown = document.toJS();
      return value;
    })
    .filter(isObject)
    .filter(({ kind }) => ["VirtualService", "DestinationRule", "Gateway"].includes(kind))
    .filter((object) => validateMeshResource(object).errors.length === 0);
}

function isObject(value: unknown): value is KubeObject {
  return typeof value === "object" && value !== null && "kind" in value && "metadata" in value;
}
