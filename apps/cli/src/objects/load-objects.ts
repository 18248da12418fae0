import type { MeshConfig } from "@bookmesh/mesh-api";
import type { ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";
import { clusterMeshConfig, clusterObjects } from "./cluster-objects.ts";
import { fileObjects } from "./file-objects.ts";
import { gatherFiles, type SourceText } from "./gather-files.ts";
import { mergeObjects, type PlacedObject } from "./merge-objects.ts";

/** The options of commands that look at files, a cluster, or both. */
export interface LoadOptions extends ClusterOptions {
  readonly filename: readonly string[];
  readonly useKube: boolean;
  readonly recursive?: boolean;
}

/** What files and the cluster hold. */
export interface LoadedObjects {
  readonly namespace: string;
  readonly sources: readonly SourceText[];
  /** All of the files', and the cluster's that no file replaces. */
  readonly objects: readonly PlacedObject[];
  /** Sentences on documents of files that hold no object. */
  readonly problems: readonly string[];
  /** The cluster's; absent where none was asked. */
  readonly meshConfig: MeshConfig | undefined;
}

/** Loads the objects of files, of the cluster, or of the cluster as it would be with the files. */
export async function loadObjects(
  io: ConsoleIo,
  paths: readonly string[],
  options: LoadOptions,
): Promise<LoadedObjects> {
  const session = options.useKube ? sessionOf(io, options) : undefined;
  const namespace = options.namespace ?? session?.namespace ?? "default";
  const named = [...paths, ...options.filename];
  if (session === undefined && named.length === 0)
    throw new UsageError("Name files, folders or - to look at, or leave out --use-kube=false.");
  const sources = await gatherFiles(io, named, options.recursive === true);
  const files = fileObjects(sources, namespace);
  const stored = session === undefined ? [] : await clusterObjects(session.client);
  const meshConfig = session && (await clusterMeshConfig(session.client));
  return {
    namespace,
    sources,
    objects: mergeObjects(files.objects, stored),
    problems: files.problems,
    meshConfig,
  };
}

function sessionOf(io: ConsoleIo, options: LoadOptions): Session {
  try {
    return openSession(io, options);
  } catch (cause) {
    const sentence = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${sentence} To look at files alone, add --use-kube=false.`, { cause });
  }
}
