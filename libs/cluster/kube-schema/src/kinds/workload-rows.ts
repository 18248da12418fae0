import { RESOURCES } from "@bookmesh/kube-api";
import {
  cronJobDefaults,
  daemonSetDefaults,
  deploymentDefaults,
  jobDefaults,
  replicaSetDefaults,
  statefulSetDefaults,
} from "@bookmesh/kube-defaults";
import {
  CONTROLLER_REVISION_PRINTER,
  CRON_JOB_PRINTER,
  DAEMON_SET_PRINTER,
  DEPLOYMENT_PRINTER,
  JOB_PRINTER,
  REPLICA_SET_PRINTER,
  STATEFUL_SET_PRINTER,
} from "@bookmesh/kube-printing";
import {
  cronJobIssues,
  daemonSetIssues,
  deploymentIssues,
  jobChangeIssues,
  jobIssues,
  replicaSetIssues,
  statefulSetChangeIssues,
  statefulSetIssues,
  workloadChangeIssues,
} from "@bookmesh/kube-validation";
import { at, numberOf } from "@bookmesh/kube-model";
import type { Row } from "./row.ts";

/** The kinds that have pods made. */
export const WORKLOAD_ROWS: readonly Row[] = [
  {
    ref: RESOURCES.deployments,
    definition: "io.k8s.api.apps.v1.Deployment",
    printer: DEPLOYMENT_PRINTER,
    shortNames: ["deploy"],
    categories: ["all"],
    subresources: ["scale", "status"],
    hasGeneration: true,
    rules: { defaults: deploymentDefaults, validate: deploymentIssues, validateUpdate: workloadChangeIssues },
  },
  {
    ref: RESOURCES.replicaSets,
    definition: "io.k8s.api.apps.v1.ReplicaSet",
    printer: REPLICA_SET_PRINTER,
    shortNames: ["rs"],
    categories: ["all"],
    subresources: ["scale", "status"],
    hasGeneration: true,
    selectableFields: { "status.replicas": (set) => `${numberOf(at(set, "status", "replicas"))}` },
    rules: { defaults: replicaSetDefaults, validate: replicaSetIssues, validateUpdate: workloadChangeIssues },
  },
  {
    ref: RESOURCES.statefulSets,
    definition: "io.k8s.api.apps.v1.StatefulSet",
    printer: STATEFUL_SET_PRINTER,
    shortNames: ["sts"],
    categories: ["all"],
    subresources: ["scale", "status"],
    hasGeneration: true,
    rules: {
      defaults: statefulSetDefaults,
      validate: statefulSetIssues,
      validateUpdate: statefulSetChangeIssues,
    },
  },
  {
    ref: RESOURCES.daemonSets,
    definition: "io.k8s.api.apps.v1.DaemonSet",
    printer: DAEMON_SET_PRINTER,
    shortNames: ["ds"],
    categories: ["all"],
    subresources: ["status"],
    hasGeneration: true,
    rules: { defaults: daemonSetDefaults, validate: daemonSetIssues, validateUpdate: workloadChangeIssues },
  },
  {
    ref: RESOURCES.controllerRevisions,
    definition: "io.k8s.api.apps.v1.ControllerRevision",
    printer: CONTROLLER_REVISION_PRINTER,
  },
  {
    ref: RESOURCES.cronJobs,
    definition: "io.k8s.api.batch.v1.CronJob",
    printer: CRON_JOB_PRINTER,
    shortNames: ["cj"],
    categories: ["all"],
    subresources: ["status"],
    hasGeneration: true,
    rules: { defaults: cronJobDefaults, validate: cronJobIssues },
  },
  {
    ref: RESOURCES.jobs,
    definition: "io.k8s.api.batch.v1.Job",
    printer: JOB_PRINTER,
    categories: ["all"],
    subresources: ["status"],
    hasGeneration: true,
    selectableFields: { "status.successful": (job) => `${numberOf(at(job, "status", "succeeded"))}` },
    rules: { defaults: jobDefaults, validate: jobIssues, validateUpdate: jobChangeIssues },
  },
];
