import { randomUUID } from "node:crypto";
import { objectsOf, type JsonObject, type ResourceKind } from "@bookmesh/kube-model";
import { isDeepStrictEqual } from "node:util";
import type { Random } from "@bookmesh/kernel";
import type { KubeObject, ObjectMeta } from "@bookmesh/kube-api";
import { without } from "./json.ts";

/** What generated names are made of: no vowels and nothing that looks alike, as in Kubernetes. */
const NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
const SUFFIX_LENGTH = 5;
/** A generated name stays a DNS label. */
const MAX_NAME_BASE = 63 - SUFFIX_LENGTH;

/** RFC 3339 with whole seconds, as all times of `metadata`. */
export function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}

/** `base` with five random characters. */
export function generateName(base: string, random: Random): string {
  const pick = () => NAME_ALPHABET[Math.floor(random() * NAME_ALPHABET.length)] ?? "x";
  return base.slice(0, MAX_NAME_BASE) + Array.from({ length: SUFFIX_LENGTH }, pick).join("");
}

/** The metadata of a new object: what the server sets is set, whatever its author wrote there. */
export function newMetadata(kind: ResourceKind, wanted: ObjectMeta, nowMs: number): ObjectMeta {
  return {
    ...without(wanted, "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"),
    uid: randomUUID(),
    creationTimestamp: timestamp(nowMs),
    ...(kind.hasGeneration ? { generation: 1 } : {}),
  };
}

/** What a writer cannot change. */
const SERVER_FIELDS = [
  "namespace",
  "generateName",
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
] as const;

/** The metadata of a changed object: what only the server sets stays as it was. */
export function successorMetadata(wanted: ObjectMeta, previous: ObjectMeta): ObjectMeta {
  const kept = SERVER_FIELDS.filter((field) => previous[field] !== undefined);
  const fixed: Partial<ObjectMeta> = Object.fromEntries(kept.map((field) => [field, previous[field]]));
  return { ...without(wanted, ...SERVER_FIELDS), ...fixed, name: wanted.name };
}

/** Says whether a change counts as a new generation: anything but `metadata` and `status`. */
export function changesIntent(next: KubeObject, previous: KubeObject): boolean {
  return !isDeepStrictEqual(intentOf(next), intentOf(previous));
}

/** Says whether two states differ in anything that is stored; the version a writer used does not count. */
export function isSameState(next: KubeObject, previous: KubeObject): boolean {
  return isDeepStrictEqual(stateOf(next), stateOf(previous));
}

/** Says whether the same managers own the same fields; when they wrote does not count. */
export function hasSameManagers(next: KubeObject, previous: KubeObject): boolean {
  return isDeepStrictEqual(managersOf(next), managersOf(previous));
}

function managersOf({ metadata: { managedFields = [] } }: KubeObject): ReadonlySet<unknown> {
  return new Set(objectsOf(managedFields).map((entry) => without(entry, "time")));
}

function intentOf(object: JsonObject): unknown {
  return without(object, "metadata", "status", "apiVersion");
}

function stateOf(object: KubeObject): unknown {
  const metadata = without(object.metadata, "resourceVersion", "managedFields");
  return { ...without<JsonObject, string>(object, "apiVersion"), metadata };
}
