import { ApiError } from "@bookmesh/cluster-api";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { CONTROLLERS } from "../caller.ts";
import { deleteObject } from "../delete.ts";
import { modifyObject } from "../modify.ts";
import { keyOf, type Registry } from "../registry.ts";
import type { RequestContext } from "../request-context.ts";
import { storageKey } from "../store/store-event.ts";
import { CLEANUP_FINALIZER, isEstablished } from "./definition-strategy.ts";
import { RULES_LIMIT_MS, ruledKinds } from "./ruled-kinds.ts";
import { timeLimit } from "./time-limit.ts";

const DEFINITIONS = RESOURCES.customResourceDefinitions;
const CONTEXT: RequestContext = {
  caller: CONTROLLERS,
  dryRun: false,
  fieldManager: "kube-apiserver",
  fieldValidation: "Ignore",
  force: false,
  warn: () => undefined, // nobody is there to be warned
};

/** Serves the resources of all definitions, from the write that establishes one to the write that removes it. */
export function serveDefinitions(registry: Registry): void {
  const { store, catalog } = registry;
  const limit = timeLimit(RULES_LIMIT_MS);
  const serve = (definition: KubeObject) => {
    catalog.replaceCustom(
      definition.metadata.name,
      isEstablished(definition) ? ruledKinds(definition, limit) : [],
    );
    if (definition.metadata.deletionTimestamp !== undefined) void removeObjects(registry, definition);
  };
  for (const definition of store.list(DEFINITIONS)) serve(definition);
  store.subscribe(({ type, resource, object }) => {
    if (resource === storageKey(DEFINITIONS)) {
      if (type === "DELETED") catalog.replaceCustom(object.metadata.name, []);
      else serve(object);
    } else if (type === "DELETED") {
      const definition = store.get(DEFINITIONS, { name: definitionName(resource) });
      if (definition?.metadata.deletionTimestamp !== undefined)
        queueMicrotask(() => void removeObjects(registry, definition));
    }
  });
}

/** `group/plural` of a resource is `plural.group` as a definition's name. */
function definitionName(resource: string): string {
  const [group = "", plural = ""] = resource.split("/");
  return `${plural}.${group}`;
}

/** Deletes what a definition's end leaves without a kind; then the definition may go. */
async function removeObjects(registry: Registry, definition: KubeObject): Promise<void> {
  const { name } = definition.metadata;
  const kind = registry.catalog.rows().find((row) => row.isCustom && `${row.plural}.${row.group}` === name);
  try {
    if (kind !== undefined) await deleteAll(registry, kind);
    if (kind === undefined || registry.store.list(kind).length === 0) await release(registry, name);
  } catch (error) {
    // Gone already, or written at the same time: then the next event tries again.
    if (!(error instanceof ApiError)) throw error;
  }
}

async function deleteAll(registry: Registry, kind: ResourceKind): Promise<void> {
  for (const object of registry.store.list(kind)) {
    if (object.metadata.deletionTimestamp !== undefined) continue;
    await deleteObject(registry, { kind, key: keyOf(kind, object), options: {}, context: CONTEXT });
  }
}

async function release(registry: Registry, name: string): Promise<void> {
  const kind = registry.catalog.find(DEFINITIONS.group, DEFINITIONS.version, DEFINITIONS.plural);
  if (kind === undefined || registry.store.get(kind, { name }) === undefined) return;
  await modifyObject(registry, {
    kind,
    key: { name },
    context: CONTEXT,
    change(current) {
      const finalizers = (current.metadata.finalizers ?? []).filter((each) => each !== CLEANUP_FINALIZER);
      return { ...current, metadata: { ...current.metadata, finalizers } };
    },
  });
}
