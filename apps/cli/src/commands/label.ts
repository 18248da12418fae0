import { qualifiedName, type ApiResource } from "@bookmesh/kube-client";
import { notFound } from "../arguments/not-found.ts";
import { readTargets } from "../arguments/targets.ts";
import { print, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";

/** The options of `bookmesh label`. */
export interface LabelOptions extends ClusterOptions {
  readonly overwrite?: boolean;
}

/** `bookmesh label TYPE NAME key=value key-`. */
export async function label(io: ConsoleIo, words: readonly string[], options: LabelOptions): Promise<void> {
  const session = openSession(io, options);
  const changes = words.filter(isChange).map(readChange);
  const targets = await readTargets(
    words.filter((word) => !isChange(word)),
    session.discovery,
  );
  if (changes.length === 0) throw new UsageError("Say which label, as in: istio-injection=enabled");
  for (const target of targets) {
    if (target.names.length === 0) throw new UsageError("Name the object to label.");
    for (const name of target.names) await labelOne(session, { ...target, name, changes, options });
  }
}

type Change = readonly [name: string, value: string | null];

function isChange(word: string): boolean {
  return word.includes("=") || word.endsWith("-");
}

function readChange(word: string): Change {
  const at = word.indexOf("=");
  return at < 0 ? [word.slice(0, -1), null] : [word.slice(0, at), word.slice(at + 1)];
}

interface Labelling {
  readonly resource: ApiResource;
  readonly name: string;
  readonly changes: readonly Change[];
  readonly options: LabelOptions;
}

async function labelOne(
  { client, io, namespace }: Session,
  { resource, name, changes, options }: Labelling,
): Promise<void> {
  const key = resource.namespaced ? { namespace, name } : { name };
  const object = await client.get(resource, key);
  if (!object) throw notFound(resource, name);
  const labels = object.metadata.labels ?? {};
  const effective = changes.filter(([label, value]) => (labels[label] ?? null) !== value);
  for (const [label, value] of effective) {
    if (value === null || labels[label] === undefined || options.overwrite) continue;
    throw new Error(`'${label}' already has a value (${labels[label]}), and --overwrite is false`);
  }
  const body = { metadata: { labels: Object.fromEntries(effective) } };
  if (effective.length > 0) await client.patch(resource, key, { type: "merge", body });
  print(io, `${qualifiedName(resource)}/${name} ${outcome(effective)}`);
}

function outcome(effective: readonly Change[]): string {
  if (effective.length === 0) return "not labeled";
  return effective.every(([, value]) => value === null) ? "unlabeled" : "labeled";
}
