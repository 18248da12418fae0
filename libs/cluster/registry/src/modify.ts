import { badRequest, conflict, invalid, notFound, type ObjectKey } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { trackUpdate } from "@bookmesh/kube-patch";
import { inVersion } from "./catalog.ts";
import { without } from "./json.ts";
import { changesIntent, hasSameManagers, isSameState, successorMetadata } from "./object-meta.ts";
import { strategyOf, viewOf, type Registry } from "./registry.ts";
import type { RequestContext } from "./request-context.ts";
import { problemsOf, withDefaults } from "./schema-rules.ts";

/** How often a change is made anew after somebody else's write. Each time somebody got through, so this many may write at once. */
const MAX_TRIES = 30;

/** A change of one object: a function of its newest state. */
export interface Modification {
  readonly kind: ResourceKind;
  readonly key: ObjectKey;
  /** `status` changes nothing but the status; absent: everything but the status. */
  readonly subresource?: string;
  readonly context: RequestContext;
  /** Its managed fields are already recorded: it comes from a server-side apply. */
  readonly applied?: boolean;
  /** The wanted state; its `resourceVersion`, where it has one, must be the newest. */
  change(current: KubeObject): KubeObject;
}

/** Changes an object; one that waits for its deletion is removed when nothing holds it any longer. */
export async function modifyObject(registry: Registry, modification: Modification): Promise<KubeObject> {
  const { kind, key } = modification;
  for (let tries = 1; ; tries += 1) {
    const current = registry.store.get(kind, key);
    if (current === undefined) throw notFound(kind, key.name);
    const previous = inVersion(kind, current);
    const wanted = modification.change(previous);
    checkIdentity(kind, wanted, previous);
    const next = await judge(registry, modification, { wanted, previous });
    if (registry.store.get(kind, key) === current) return commit(registry, modification, { next, current });
    // A patch names the version that it was made from, so only the next round can tell whether its author named one.
    if (tries === MAX_TRIES) throw conflict(kind, key.name);
  }
}

function track(
  { clock }: Registry,
  { kind, context, subresource, applied }: Modification,
  change: { readonly object: KubeObject; readonly previous: KubeObject },
): KubeObject {
  if (applied === true) return change.object;
  const part = subresource === undefined ? {} : { subresource };
  return trackUpdate({ kind, ...change }, { manager: context.fieldManager, ...part, nowMs: clock.now() });
}

function checkIdentity(kind: ResourceKind, wanted: KubeObject, previous: KubeObject): void {
  const { name, namespace, uid, resourceVersion } = previous.metadata;
  const asked = wanted.metadata;
  if (asked.name !== name) {
    throw badRequest(`the name of the object (${asked.name}) does not match the name on the URL (${name})`);
  }
  if (kind.namespaced && (asked.namespace ?? namespace) !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  if (asked.uid !== undefined && asked.uid !== "" && asked.uid !== uid) {
    const why = `Precondition failed: UID in precondition: ${asked.uid}, UID in object meta: ${uid ?? ""}`;
    throw conflict(kind, name, why);
  }
  const version = asked.resourceVersion ?? "";
  if (version !== "" && version !== resourceVersion) throw conflict(kind, name);
}

/** Brings the wanted state into form, asks admission, and checks the rules. */
async function judge(
  registry: Registry,
  modification: Modification,
  { wanted, previous }: { readonly wanted: KubeObject; readonly previous: KubeObject },
): Promise<KubeObject> {
  const { kind, key, subresource, context } = modification;
  const strategy = strategyOf(registry, kind);
  const form = (object: KubeObject) => {
    const limited = limitTo(kind, subresource, { object, previous });
    const defaulted = withDefaults(kind, limited);
    if (subresource === "status") return defaulted;
    return strategy.prepareUpdate?.(defaulted, previous, viewOf(registry)) ?? defaulted;
  };
  const part = subresource === undefined ? {} : { subresource };
  const attempt = { kind, operation: "UPDATE" as const, ...part, ...key, oldObject: previous, context };
  const owned = track(registry, modification, { object: form(wanted), previous });
  const admitted = form(await registry.admission.mutate({ ...attempt, object: owned }));
  const next = countGeneration(kind, admitted, previous);
  const causes = [...problemsOf(kind, next, previous), ...(strategy.problems?.(next, previous) ?? [])];
  if (causes.length > 0) throw invalid(kind, key.name, causes);
  await registry.admission.validate({ ...attempt, object: next });
  if (subresource === undefined) strategy.warnings?.(next).forEach((warning) => context.warn(warning));
  return next;
}

/** `status` and the rest are written apart where a kind has the subresource. */
function limitTo(
  kind: ResourceKind,
  subresource: string | undefined,
  { object, previous }: { readonly object: KubeObject; readonly previous: KubeObject },
): KubeObject {
  if (subresource === "status") {
    const managedFields = object.metadata.managedFields;
    const metadata = { ...previous.metadata, ...(managedFields ? { managedFields } : {}) };
    return withStatus({ ...previous, metadata }, object["status"]);
  }
  const next = { ...object, metadata: successorMetadata(object.metadata, previous.metadata) };
  return kind.subresources.includes("status") ? withStatus(next, previous["status"]) : next;
}

function withStatus(object: KubeObject, status: unknown): KubeObject {
  if (status !== undefined) return { ...object, status };
  const { apiVersion, kind, metadata } = object;
  return { ...without(object, "status"), apiVersion, kind, metadata };
}

function countGeneration(kind: ResourceKind, next: KubeObject, previous: KubeObject): KubeObject {
  if (!kind.hasGeneration || !changesIntent(next, previous)) return next;
  const generation = (previous.metadata.generation ?? 0) + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

function commit(
  registry: Registry,
  { kind, context, applied }: Modification,
  { next, current }: { readonly next: KubeObject; readonly current: KubeObject },
): KubeObject {
  const strategy = strategyOf(registry, kind);
  const object = strategy.allocate?.(next, current, viewOf(registry)) ?? next;
  // Who applies what is there already owns it too.
  const isOwned = applied !== true || hasSameManagers(object, current);
  if (isSameState(object, current) && isOwned) return inVersion(kind, current);
  if (context.dryRun) return object;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = object.metadata;
  const waits = finalizers.length > 0 || deletionGracePeriodSeconds > 0 || strategy.isHeld?.(object) === true;
  if (deletionTimestamp !== undefined && !waits) return registry.store.remove(kind, current, object);
  return registry.store.put(kind, object, current);
}
