import type { KubeObject } from "@bookmesh/kube-api";
import { qualifiedName, type ApiResource } from "@bookmesh/kube-client";
import { notFound } from "../arguments/not-found.ts";
import { readTargets, type Target } from "../arguments/targets.ts";
import { print, type ConsoleIo } from "../console-io.ts";
import { UsageError } from "../failures.ts";
import { printDocument } from "../output/print-document.ts";
import { openSession, type Session } from "../session.ts";
import { namespaceOf, type GetOptions } from "./get-options.ts";
import { printTables } from "./get-tables.ts";

/** `bookmesh get TYPE [NAME…]`: the server's own tables, or the objects themselves. */
export async function get(io: ConsoleIo, words: readonly string[], options: GetOptions): Promise<void> {
  const session = openSession(io, options);
  const targets = await readTargets(words, session.discovery);
  const { output } = options;
  const tabular = output === "table" || output === "wide";
  if (options.watch && (!tabular || targets.length > 1)) {
    throw new UsageError("--watch shows the table of one type.");
  }
  if (output === "table" || output === "wide") {
    await printTables(session, targets, options);
    return;
  }
  const objects = (await Promise.all(targets.map((target) => readObjects(session, target, options)))).flat();
  if (output === "name") {
    for (const { resource, object } of objects)
      print(io, `${qualifiedName(resource)}/${object.metadata.name}`);
    return;
  }
  const shown = objects.map(({ object }) => withoutManagedFields(object));
  const single = targets.length === 1 && targets[0]?.names.length === 1;
  if (!single) printDocument(io, listOf(shown), output);
  else if (shown[0]) printDocument(io, shown[0], output);
}

async function readObjects(
  session: Session,
  target: Target,
  options: GetOptions,
): Promise<readonly { readonly resource: ApiResource; readonly object: KubeObject }[]> {
  const { resource, names } = target;
  const namespace = namespaceOf(session, options);
  if (names.length === 0) {
    const { items } = await session.client.list(resource, {
      ...(namespace !== undefined && { namespace }),
      ...(options.selector !== undefined && { labelSelector: options.selector }),
    });
    return items.map((object) => ({ resource, object }));
  }
  const found = await Promise.all(
    names.map((name) =>
      session.client.get(resource, { name, ...(resource.namespaced && { namespace: session.namespace }) }),
    ),
  );
  return found.flatMap((object, index) => {
    if (object) return [{ resource, object }];
    if (options.ignoreNotFound) return [];
    throw notFound(resource, names[index] ?? "");
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
