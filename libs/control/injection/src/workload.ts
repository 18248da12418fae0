import type { Pod } from "@bookmesh/kube-api";

/** What a pod belongs to, as far as its own object tells. */
export interface Workload {
  readonly name: string;
  readonly kind: string;
  readonly apiVersion: string;
}

/** The characters that Kubernetes uses in hashes. */
const TEMPLATE_HASH = /-[bcdfghjklmnpqrstvwxz2456789]{1,10}$/;

/** A CronJob's Job bears the minute that it was due. */
const SCHEDULED_JOB = /^(.+)-\d{8,10}$/;

/** Finds the pod's workload: a ReplicaSet that bears its pods' template hash is a Deployment's, and so on. */
export function workloadOf(pod: Pod): Workload {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) return { name: podName(pod), kind: "Pod", apiVersion: "v1" };
  const hash = pod.metadata.labels?.["pod-template-hash"];
  const isDeployments = owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`);
  if (isDeployments)
    return { name: owner.name.slice(0, -hash.length - 1), kind: "Deployment", apiVersion: owner.apiVersion };
  const schedule = owner.kind === "Job" ? SCHEDULED_JOB.exec(owner.name)?.[1] : undefined;
  if (schedule !== undefined) return { name: schedule, kind: "CronJob", apiVersion: owner.apiVersion };
  return { name: owner.name, kind: owner.kind, apiVersion: owner.apiVersion };
}

/** The name and revision under which telemetry gathers workloads. Source: Istio, "canonical service". */
export function canonicalService(pod: Pod): { readonly name: string; readonly revision: string } {
  const labels = pod.metadata.labels ?? {};
  const first = (...keys: readonly string[]) => keys.map((key) => labels[key]).find((value) => value);
  return {
    name: first("service.istio.io/canonical-name", "app.kubernetes.io/name", "app") ?? workloadOf(pod).name,
    revision:
      first("service.istio.io/canonical-revision", "app.kubernetes.io/version", "version") ?? "latest",
  };
}

function podName({ metadata }: Pod): string {
  // A pod that is being created has a name to come, and `generateName` until then.
  return metadata.name || (metadata.generateName ?? "").replace(/-$/, "").replace(TEMPLATE_HASH, "");
}
