import { alreadyExists, badRequest, invalid } from "@bookmesh/cluster-api";
import type { KubeObject } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { trackUpdate } from "@bookmesh/kube-patch";
import { without } from "./json.ts";
import { generateName, newMetadata } from "./object-meta.ts";
import { keyOf, strategyOf, viewOf, type Registry } from "./registry.ts";
import type { RequestContext } from "./request-context.ts";
import { withDefaults, problemsOf } from "./schema-rules.ts";

/** How many generated names are tried before the last one's AlreadyExists is told. */
const MAX_NAME_TRIES = 8;

/** A new object and where it shall live. */
export interface Creation {
  readonly kind: ResourceKind;
  readonly namespace?: string;
  /** Decoded, without unknown fields. */
  readonly object: KubeObject;
  readonly context: RequestContext;
  /** Its managed fields are already recorded: it comes from a server-side apply. */
  readonly applied?: boolean;
}

/** Creates an object: defaults, admission, rules, then one write. Answers what was stored. */
export async function createObject(registry: Registry, creation: Creation): Promise<KubeObject> {
  const { kind, context } = creation;
  const strategy = strategyOf(registry, kind);
  const placed = placeInNamespace(creation);
  // Who writes owns what it wrote, not what admission makes of it.
  const owned = track(registry, creation, withDefaults(kind, placed));
  const object = withDefaults(kind, strategy.prepareCreate?.(owned, viewOf(registry)) ?? owned);
  const attempt = { kind, operation: "CREATE" as const, context, ...keyOf(kind, object) };
  const admitted = withDefaults(kind, await registry.admission.mutate({ ...attempt, object }));
  for (let tries = 1; ; tries += 1) {
    const born = bear(registry, kind, admitted);
    const causes = [...problemsOf(kind, born), ...(strategy.problems?.(born, undefined) ?? [])];
    if (causes.length > 0) throw invalid(kind, born.metadata.name, causes);
    await registry.admission.validate({ ...attempt, name: born.metadata.name, object: born });
    strategy.warnings?.(born).forEach((warning) => context.warn(warning));
    if (registry.store.get(kind, keyOf(kind, born)) === undefined) return store(registry, creation, born);
    if (named(admitted) || tries === MAX_NAME_TRIES) throw alreadyExists(kind, born.metadata.name);
  }
}

function track({ clock }: Registry, { kind, context, applied }: Creation, object: KubeObject): KubeObject {
  if (applied === true) return object;
  // A status that is written apart is not the author's.
  const own = kind.subresources.includes("status") ? { ...object, status: undefined } : object;
  const tracked = trackUpdate({ kind, object: own }, { manager: context.fieldManager, nowMs: clock.now() });
  return { ...object, metadata: tracked.metadata };
}

function store(registry: Registry, { kind, context }: Creation, born: KubeObject): KubeObject {
  const object = strategyOf(registry, kind).allocate?.(born, undefined, viewOf(registry)) ?? born;
  return context.dryRun ? object : registry.store.put(kind, object);
}

/** The namespace of the path and that of the object must agree; the object may leave its own out. */
function placeInNamespace({ kind, namespace, object }: Creation): KubeObject {
  const own = object.metadata.namespace ?? "";
  if (!kind.namespaced) {
    if (own === "") return object;
    return { ...object, metadata: without(object.metadata, "namespace") };
  }
  if (namespace === undefined) throw badRequest("an object of this kind lives in a namespace");
  if (own !== "" && own !== namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function bear(registry: Registry, kind: ResourceKind, object: KubeObject): KubeObject {
  const { generateName: base = "" } = object.metadata;
  const name = named(object) || base === "" ? nameOf(object) : generateName(base, registry.random);
  const metadata = newMetadata(kind, { ...object.metadata, name }, registry.clock.now());
  const whole = { ...object, metadata };
  if (!kind.subresources.includes("status") || strategyOf(registry, kind).keepsStatusOnCreate) return whole;
  return withInitialStatus(registry, kind, whole);
}

/** A kind with a status subresource is born with the status of its defaults, or with none. */
function withInitialStatus(registry: Registry, kind: ResourceKind, object: KubeObject): KubeObject {
  const { apiVersion, kind: kindName, metadata } = object;
  const bare: KubeObject = { ...without(object, "status"), apiVersion, kind: kindName, metadata };
  const initial = strategyOf(registry, kind).initialStatus?.(bare, viewOf(registry));
  return initial === undefined ? bare : { ...bare, status: initial };
}

function named({ metadata }: KubeObject): boolean {
  return nameOf({ metadata }) !== "";
}

/** Objects that ask for a generated name come without one. */
function nameOf({ metadata }: { readonly metadata: Partial<KubeObject["metadata"]> }): string {
  return metadata.name ?? "";
}
