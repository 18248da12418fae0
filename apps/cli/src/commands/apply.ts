import { text } from "node:stream/consumers";
import { KubeError, qualifiedName } from "@bookmesh/kube-client";
import {
  applyManifest,
  parseManifests,
  readManifests,
  type Applied,
  type Manifest,
} from "@bookmesh/installer";
import { print, warn, type ConsoleIo } from "../console-io.ts";
import { reasonOf, sentenceOf } from "../explain.ts";
import { Ended, EXIT, UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** `bookmesh apply -f …`: each object on its own, so that one refusal does not hold up the others. */
export async function apply(
  io: ConsoleIo,
  options: ClusterOptions & { readonly filename: readonly string[] },
): Promise<void> {
  const session = openSession(io, options);
  const manifests = await manifestsOf(io, options.filename);
  if (manifests.length === 0) throw new Error("no objects passed to apply");
  let refused = 0;
  for (const manifest of manifests) {
    try {
      requireNamespace(manifest, options.namespace);
      report(io, await applyManifest(session, manifest.object));
    } catch (error) {
      refused += 1;
      warn(io, refusal(error, manifest, session));
    }
  }
  if (refused > 0) throw new Ended(EXIT.failure);
}

/** The objects in files, folders and, for `-`, standard input. */
export async function manifestsOf(io: ConsoleIo, paths: readonly string[]): Promise<readonly Manifest[]> {
  if (paths.length === 0) throw new UsageError("Say which file, as in: -f virtual-service.yml");
  const read = paths.map(async (path) =>
    path === "-" ? parseManifests(await text(io.stdin), "STDIN") : readManifests(path),
  );
  return (await Promise.all(read)).flat();
}

/** Throws where an object says another namespace than the command line. */
export function requireNamespace({ object }: Manifest, asked: string | undefined): void {
  const { namespace } = object.metadata;
  if (asked === undefined || namespace === undefined || namespace === asked) return;
  throw new Error(
    `the namespace from the provided object "${namespace}" does not match the namespace "${asked}". ` +
      `You must pass '--namespace=${namespace}' to perform this operation.`,
  );
}

function report(io: ConsoleIo, { resource, object, outcome, warnings }: Applied): void {
  for (const warning of warnings) warn(io, `Warning: ${warning}`);
  print(io, `${qualifiedName(resource)}/${object.metadata.name} ${outcome}`);
}

function refusal(error: unknown, { source, object }: Manifest, session: Session): string {
  if (!(error instanceof KubeError)) return sentenceOf(error);
  const where = `${object.kind} ${object.metadata.namespace ?? session.namespace}/${object.metadata.name}`;
  return `Error from server${reasonOf(error)}: error when applying ${where} of "${source}": ${error.message.trim()}`;
}
