import type { KubeObject } from "@bookmesh/kube-api";
import { KubeError, qualifiedName } from "@bookmesh/kube-client";
import type { ConsoleIo } from "../console-io.ts";
import { print } from "../console-io.ts";
import { readTargets, type Target } from "../arguments/targets.ts";
import { UsageError } from "../failures.ts";
import { printDocument } from "../output/print-document.ts";
import type { ClusterOptions } from "../program/cluster-options.ts";
import { openSession, type Session } from "../session.ts";
import { printTables } from "./get-tables.ts";

/** The options of `bookmesh get`. */
export interface GetOptions extends ClusterOptions {
  readonly allNamespaces?: boolean;
  readonly output: "table" | "wide" | "json" | "yaml" | "name";
  readonly watch?: boolean;
  readonly selector?: string;
  readonly showLabels?: boolean;
  readonly headers: boolean;
  readonly ignoreNotFound?: boolean;
}

/** `bookmesh get TYPE [NAME…]`: the server's own tables, or the objects themselves. */
export async function get(io: ConsoleIo, words: readonly string[], options: GetOptions): Promise<void> {
  const session = openSession(io, options);
  const targets = await readTargets(words, session.discovery);
  const tabular = options.output === "table" || options.output === "wide";
  if (options.watch && (!tabular || targets.length > 1)) {
    throw new UsageError("--watch shows the table of one type.");
  }
  if (options.output === "table" || options.output === "wide") {
    await printTables(session, targets, options);
    return;
  }
  const objects = (await Promise.all(targets.map((target) => readObjects(session, target, options)))).flat();
  const single = targets.length === 1 && targets[0]?.names.length === 1;
  if (options.output === "name") {
    for (const { target, object } of objects) {
      print(io, `${qualifiedName(target.resource)}/${object.metadata.name}`);
    }
    return;
  }
  const [first] = objects;
  if (single && !first) return;
  const shown = objects.map(({ object }) => withoutManagedFields(object));
  const document = single ? shown[0] : listOf(shown);
  printDocument(io, document, options.output);
}

/** The namespace that a target is looked for in; `undefined`: all of them. */
export function namespaceOf(session: Session, options: GetOptions): string | undefined {
  return options.allNamespaces ? undefined : session.namespace;
}

async function readObjects(
  session: Session,
  target: Target,
  options: GetOptions,
): Promise<readonly { readonly target: Target; readonly object: KubeObject }[]> {
  const { resource, names } = target;
  const namespace = namespaceOf(session, options);
  if (names.length === 0) {
    const { items } = await session.client.list(resource, {
      ...(namespace !== undefined && { namespace }),
      ...(options.selector !== undefined && { labelSelector: options.selector }),
    });
    return items.map((object) => ({ target, object }));
  }
  const found = await Promise.all(
    names.map((name) =>
      session.client.get(resource, { name, ...(resource.namespaced && { namespace: session.namespace }) }),
    ),
  );
  return found.flatMap((object, index) => {
    if (object) return [{ target, object }];
    if (options.ignoreNotFound) return [];
    throw notFound(target, names[index] ?? "");
  });
}

/** The server's words for an object that is not there. */
export function notFound({ resource }: Target, name: string): KubeError {
  const { plural, group } = resource;
  const message = `${group === "" ? plural : `${plural}.${group}`} "${name}" not found`;
  return new KubeError({
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "NotFound",
    message,
    code: 404,
  });
}

/** Which tool owns which field is for servers to read. */
function withoutManagedFields(object: KubeObject): KubeObject {
  const metadata = Object.entries(object.metadata).filter(([field]) => field !== "managedFields");
  return { ...object, metadata: { ...Object.fromEntries(metadata), name: object.metadata.name } };
}

function listOf(items: readonly KubeObject[]): object {
  return {
    apiVersion: "v1",
    kind: "List",
    items,
    metadata: { resourceVersion: "" },
  };
}
