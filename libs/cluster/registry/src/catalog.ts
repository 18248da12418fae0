import { apiVersionOf, type KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";

/** The resources that are served now: the built-in rows and those of the custom resource definitions. */
export interface Catalog {
  /** By the words of a path. */
  find(group: string, version: string, plural: string): ResourceKind | undefined;
  findKind(apiVersion: string, kind: string): ResourceKind | undefined;
  /** All rows: built-in groups first, custom ones in the order of their definition. */
  rows(): readonly ResourceKind[];
  /** Serves the rows of a definition instead of those it had; none takes it away. */
  replaceCustom(definition: string, rows: readonly ResourceKind[]): void;
  isCustom(kind: ResourceKind): boolean;
  /** Grows with each change, so that documents made from the catalog can be cached. */
  revision(): number;
}

/** A catalog that begins with the built-in rows. */
export function makeCatalog(builtIn: readonly ResourceKind[]): Catalog {
  const custom = new Map<string, readonly ResourceKind[]>();
  const index = new Map<string, ResourceKind>();
  let rows = builtIn;
  let revision = 0;
  const rebuild = () => {
    rows = [...builtIn, ...[...custom.values()].flat()];
    index.clear();
    for (const row of rows.toReversed()) {
      index.set(`${row.group}/${row.version}/${row.plural}`, row);
      index.set(`${apiVersionOf(row)} ${row.kind}`, row);
    }
    revision += 1;
  };
  rebuild();
  return {
    find: (group, version, plural) => index.get(`${group}/${version}/${plural}`),
    findKind: (apiVersion, kind) => index.get(`${apiVersion} ${kind}`),
    rows: () => rows,
    replaceCustom(definition, kinds) {
      if (kinds.length === 0) custom.delete(definition);
      else custom.set(definition, kinds);
      rebuild();
    },
    isCustom: (kind) => !builtIn.includes(kind),
    revision: () => revision,
  };
}

/** The object as this version of its resource shows it: conversion is by name only, as for CRDs without a webhook. */
export function inVersion(kind: ResourceKind, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(kind);
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}
