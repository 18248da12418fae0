import type { KubeObject } from "@bookmesh/kube-api";
import { qualifiedName, type ApiResource, type ObjectKey } from "@bookmesh/kube-client";
import { placeOf, waitUntil } from "@bookmesh/installer";
import { systemClock } from "@bookmesh/node-host";
import { notFound } from "../arguments/not-found.ts";
import { readTargets } from "../arguments/targets.ts";
import { print, warn, type ConsoleIo } from "../console-io.ts";
import { sentenceOf } from "../explain.ts";
import { Ended, EXIT, UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";
import { manifestsOf } from "./apply.ts";

/** The options of `bookmesh delete`. */
export interface DeleteOptions extends ClusterOptions {
  readonly filename: readonly string[];
  readonly selector?: string;
  readonly all?: boolean;
  readonly ignoreNotFound?: boolean;
  readonly gracePeriod?: number;
  readonly wait: "true" | "false" | true;
}

const GONE_MS = 300_000;

/** `bookmesh delete`: what files describe, or objects by type and name; returns when they are gone. */
export async function deleteObjects(
  io: ConsoleIo,
  words: readonly string[],
  options: DeleteOptions,
): Promise<void> {
  const session = openSession(io, options);
  const doomed =
    options.filename.length > 0
      ? await fromFiles(session, options.filename)
      : await fromWords(session, words, options);
  if (doomed.length === 0) warn(io, "No resources found");
  const deleted: Doomed[] = [];
  let failed = false;
  for (const each of doomed) {
    try {
      if (await deleteOne(session, each, options)) deleted.push(each);
    } catch (error) {
      failed = true;
      warn(io, sentenceOf(error));
    }
  }
  if (options.wait !== "false") await Promise.all(deleted.map((each) => waitUntilGone(session, each)));
  if (failed) throw new Ended(EXIT.failure);
}

interface Doomed {
  readonly resource: ApiResource;
  readonly key: ObjectKey;
  /** Another object of the same name may come right after. */
  readonly uid?: string | undefined;
}

async function fromFiles(session: Session, paths: readonly string[]): Promise<readonly Doomed[]> {
  const manifests = await manifestsOf(session.io, paths);
  const places = await Promise.all(manifests.map(({ object }) => placeOf(session, object)));
  return await Promise.all(places.map(({ resource, key }) => doomedOf(session, resource, key)));
}

async function fromWords(
  session: Session,
  words: readonly string[],
  options: DeleteOptions,
): Promise<readonly Doomed[]> {
  const targets = await readTargets(words, session.discovery);
  const unnamed = targets.some(({ names }) => names.length === 0);
  if (unnamed && !options.all && options.selector === undefined) {
    throw new UsageError("Name what to delete, or say --all or -l SELECTOR.");
  }
  const found = targets.map(async ({ resource, names }) => {
    const scope = resource.namespaced ? { namespace: session.namespace } : {};
    if (names.length > 0) {
      return await Promise.all(names.map((name) => doomedOf(session, resource, { ...scope, name })));
    }
    const labelSelector = options.selector === undefined ? {} : { labelSelector: options.selector };
    const { items } = await session.client.list(resource, { ...scope, ...labelSelector });
    return items.map((object) => ({ resource, key: keyOf(object), uid: object.metadata.uid }));
  });
  return (await Promise.all(found)).flat();
}

async function doomedOf({ client }: Session, resource: ApiResource, key: ObjectKey): Promise<Doomed> {
  const object = await client.get(resource, key);
  return { resource, key, uid: object?.metadata.uid };
}

function keyOf({ metadata: { name, namespace } }: KubeObject): ObjectKey {
  return namespace === undefined ? { name } : { name, namespace };
}

async function deleteOne(session: Session, doomed: Doomed, options: DeleteOptions): Promise<boolean> {
  const { resource, key } = doomed;
  const existed = await session.client.delete(
    resource,
    key,
    options.gracePeriod === undefined ? {} : { gracePeriodSeconds: options.gracePeriod },
  );
  if (existed) print(session.io, `${qualifiedName(resource)} "${key.name}" deleted`);
  else if (!options.ignoreNotFound) throw notFound(resource, key.name);
  return existed;
}

async function waitUntilGone({ client, io }: Session, { resource, key, uid }: Doomed): Promise<void> {
  const patience = { clock: systemClock, signal: io.signal, timeoutMs: GONE_MS };
  await waitUntil(`${resource.kind} ${key.name} is not gone`, patience, async () => {
    const left = await client.get(resource, key);
    if (!left || left.metadata.uid !== uid) return { done: true };
    const finalizers = left.metadata.finalizers?.join(", ") ?? "";
    return { waitingFor: finalizers === "" ? "it still ends" : `it waits for ${finalizers}` };
  });
}
