import {
  RESOURCES,
  type ControllerRevision,
  type KubeObject,
  type PodTemplate,
  type ResourceRef,
} from "@bookmesh/kube-api";
import { canonicalJson, keyOf, safeHash, unlessRefused, type ControllerContext } from "@bookmesh/reconcile";
import { claim } from "./adoption.ts";
import { controllerReference } from "./owner.ts";

/** The label with which a pod says which template it has. */
export const REVISION_HASH = "controller-revision-hash";
const HASH_LENGTH = 10;
const DEFAULT_HISTORY_LIMIT = 10;

/** An object with pods whose templates are remembered. */
interface Templated extends KubeObject {
  readonly spec: {
    readonly template: PodTemplate;
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly revisionHistoryLimit?: number;
  };
}

/** The templates that an object has had. */
export interface TemplateHistory {
  /** The one that it has. */
  readonly current: ControllerRevision;
  /** All of them, the oldest first. */
  readonly all: readonly ControllerRevision[];
}

/** Remembers the template of `owner`: as a new revision, or as the newest where it has been there before. */
export async function rememberTemplate(
  { access }: ControllerContext,
  owner: Templated,
  resource: ResourceRef,
): Promise<TemplateHistory> {
  const { namespace, name } = owner.metadata;
  const scope = namespace === undefined ? {} : { namespace };
  const { items } = await access.list<ControllerRevision>(RESOURCES.controllerRevisions, scope);
  const candidates = { resource: RESOURCES.controllerRevisions, objects: items };
  const claimed = await claim(access, { owner, resource }, candidates);
  const known = claimed.toSorted((one, other) => one.revision - other.revision);
  const data: ControllerRevision["data"] = {
    spec: { template: { ...owner.spec.template, $patch: "replace" } },
  };
  const newest = known.at(-1);
  const next = (newest?.revision ?? 0) + 1;
  const same = known.find((revision) => canonicalJson(revision.data) === canonicalJson(data));
  if (same !== undefined && same === newest) return { current: same, all: known };
  if (same !== undefined) {
    const current = await access.update(RESOURCES.controllerRevisions, { ...same, revision: next });
    return { current, all: [...known.filter((revision) => revision !== same), current] };
  }
  const current = await access.create<ControllerRevision>(RESOURCES.controllerRevisions, {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: {
      name: `${name}-${safeHash([owner.metadata.uid, data], HASH_LENGTH)}`,
      ...scope,
      labels: { ...owner.spec.selector.matchLabels, [REVISION_HASH]: safeHash(data, HASH_LENGTH) },
      ownerReferences: [controllerReference(owner, resource)],
    },
    data,
    revision: next,
  });
  return { current, all: [...known, current] };
}

/** Forgets the oldest templates beyond the limit; those in `used` stay. */
export async function forgetTemplates(
  { access }: ControllerContext,
  owner: Templated,
  { all, used }: { readonly all: readonly ControllerRevision[]; readonly used: ReadonlySet<string> },
): Promise<void> {
  const limit = owner.spec.revisionHistoryLimit ?? DEFAULT_HISTORY_LIMIT;
  const unused = all.filter(({ metadata }) => !used.has(metadata.name));
  for (const revision of unused.slice(0, Math.max(0, unused.length - limit)))
    await unlessRefused(access.delete(RESOURCES.controllerRevisions, keyOf(revision)), "NotFound");
}
