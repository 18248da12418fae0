import type { KubeObject } from "@bookmesh/kube-api";
import { objectOf, type JsonObject } from "@bookmesh/kube-model";
import { fill, fillAll, fillIn } from "./fill.ts";
import { templateDefaults } from "./pod-defaults.ts";

/** Deployments: one replica, rolled a quarter at a time. */
export function deploymentDefaults(deployment: KubeObject): KubeObject {
  const spec = fillIn(objectOf(deployment["spec"]), "strategy", strategyDefaults);
  const filled = fill(spec, {
    replicas: 1,
    strategy: strategyDefaults({}),
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    template: {},
  });
  return { ...deployment, spec: fillIn(filled, "template", templateDefaults) };
}

/** ReplicaSets. */
export function replicaSetDefaults(replicaSet: KubeObject): KubeObject {
  const spec = fill(objectOf(replicaSet["spec"]), { replicas: 1, template: {} });
  return { ...replicaSet, spec: fillIn(spec, "template", templateDefaults) };
}

/** StatefulSets: one replica, one after the other. */
export function statefulSetDefaults(statefulSet: KubeObject): KubeObject {
  const spec = fill(objectOf(statefulSet["spec"]), {
    replicas: 1,
    podManagementPolicy: "OrderedReady",
    revisionHistoryLimit: 10,
    updateStrategy: {},
    persistentVolumeClaimRetentionPolicy: {},
    template: {},
  });
  const filled = fillAll(spec, [
    (set) => fillIn(set, "updateStrategy", (strategy) => rollingDefaults(strategy, { partition: 0 })),
    (set) =>
      fillIn(set, "persistentVolumeClaimRetentionPolicy", (policy) =>
        fill(policy, { whenDeleted: "Retain", whenScaled: "Retain" }),
      ),
    (set) => fillIn(set, "template", templateDefaults),
  ]);
  return { ...statefulSet, spec: filled };
}

/** DaemonSets: updated a node at a time. */
export function daemonSetDefaults(daemonSet: KubeObject): KubeObject {
  const spec = fill(objectOf(daemonSet["spec"]), {
    revisionHistoryLimit: 10,
    updateStrategy: {},
    template: {},
  });
  const filled = fillAll(spec, [
    (set) =>
      fillIn(set, "updateStrategy", (strategy) =>
        rollingDefaults(strategy, { maxUnavailable: 1, maxSurge: 0 }),
      ),
    (set) => fillIn(set, "template", templateDefaults),
  ]);
  return { ...daemonSet, spec: filled };
}

/** Jobs: one completion, six more tries. */
export function jobDefaults(job: KubeObject): KubeObject {
  const spec = objectOf(job["spec"]);
  const isOnce = spec["completions"] === undefined && spec["parallelism"] === undefined;
  const filled = fill(spec, {
    ...(isOnce && { completions: 1 }),
    parallelism: 1,
    backoffLimit: 6,
    completionMode: "NonIndexed",
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: "TerminatingOrFailed",
  });
  return { ...job, spec: fillIn(filled, "template", templateDefaults) };
}

/** CronJobs. What its jobs leave out is filled in when they are made. */
export function cronJobDefaults(cronJob: KubeObject): KubeObject {
  const filled = fill(objectOf(cronJob["spec"]), {
    concurrencyPolicy: "Allow",
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const spec = fillIn(filled, "jobTemplate", (job) =>
    fillIn(job, "spec", (inner) => fillIn(inner, "template", templateDefaults)),
  );
  return { ...cronJob, spec };
}

function rollingDefaults(strategy: JsonObject, steps: JsonObject): JsonObject {
  const typed = fill(strategy, { type: "RollingUpdate" });
  if (typed["type"] !== "RollingUpdate") return typed;
  return { ...typed, rollingUpdate: fill(objectOf(typed["rollingUpdate"]), steps) };
}

function strategyDefaults(strategy: JsonObject): JsonObject {
  const typed = fill(strategy, { type: "RollingUpdate" });
  if (typed["type"] !== "RollingUpdate") return typed;
  const steps = fill(objectOf(typed["rollingUpdate"]), { maxUnavailable: "25%", maxSurge: "25%" });
  return { ...typed, rollingUpdate: steps };
}
