import { RESOURCES, type Deployment, type PodTemplate, type ReplicaSet } from "@bookmesh/kube-api";
import { canonicalJson, safeHash } from "@bookmesh/reconcile";
import { controllerReference } from "../owner.ts";

/** The annotation that numbers the templates of a deployment. */
export const REVISION = "deployment.kubernetes.io/revision";
/** The annotation in which a replica set remembers the size of its deployment: a change of it means scaling. */
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
/** The annotation with the number of pods that the deployment may have in all. */
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
/** The label that tells the pods of one template from those of another. */
const TEMPLATE_HASH = "pod-template-hash";

/** As long as Kubernetes' own hashes at their longest. */
const HASH_LENGTH = 10;

/** A deployment's replica sets: the one that has its template, where there is one, and the others. */
export interface Revisions {
  readonly current?: ReplicaSet;
  /** The oldest first. */
  readonly old: readonly ReplicaSet[];
}

/** Sorts the replica sets that `deployment` controls. */
export function revisionsOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Revisions {
  const wanted = templateText(deployment.spec.template);
  const byAge = [...replicaSets].sort(byCreation);
  const current = byAge.find(({ spec }) => spec.template && templateText(spec.template) === wanted);
  const old = byAge.filter((replicaSet) => replicaSet !== current);
  return current ? { current, old } : { old };
}

/** The number of a replica set's template; 0 where it has none. */
export function revisionOf(object: ReplicaSet | Deployment): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0) || 0;
}

/** The number that the template of the deployment has, or gets now. */
export function currentRevision({ current, old }: Revisions): number {
  const newestOld = Math.max(0, ...old.map(revisionOf));
  const own = current ? revisionOf(current) : 0;
  return own > newestOld ? own : newestOld + 1;
}

/** The replica set for the template of `deployment`, of size `replicas`. */
export function newReplicaSet(
  deployment: Deployment,
  { replicas, annotations }: { readonly replicas: number; readonly annotations: Record<string, string> },
): ReplicaSet {
  const { metadata, spec } = deployment;
  const hash = safeHash(spec.template, HASH_LENGTH);
  const label = { [TEMPLATE_HASH]: hash };
  const labels = { ...spec.template.metadata?.labels, ...label };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations: { ...inheritedAnnotations(deployment), ...annotations },
      ownerReferences: [controllerReference(deployment, RESOURCES.deployments)],
    },
    spec: {
      replicas,
      ...(spec.minReadySeconds === undefined ? {} : { minReadySeconds: spec.minReadySeconds }),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, ...label } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

/** The deployment's annotations that its replica sets repeat: all but kubectl's memory and the numbering. */
export function inheritedAnnotations({ metadata }: Deployment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([name]) => name !== "kubectl.kubernetes.io/last-applied-configuration" && name !== REVISION,
    ),
  );
}

function templateText(template: PodTemplate): string {
  const labels = Object.fromEntries(
    Object.entries(template.metadata?.labels ?? {}).filter(([name]) => name !== TEMPLATE_HASH),
  );
  return canonicalJson({ ...template, metadata: { ...template.metadata, labels } });
}

function byCreation(one: ReplicaSet, other: ReplicaSet): number {
  const [first, second] = [one.metadata.creationTimestamp ?? "", other.metadata.creationTimestamp ?? ""];
  if (first !== second) return first < second ? -1 : 1;
  return revisionOf(one) - revisionOf(other);
}
