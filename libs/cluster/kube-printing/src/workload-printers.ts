import type { KubeObject } from "@bookmesh/kube-api";
import { at, listOf, numberOf, objectsOf, textOf } from "@bookmesh/kube-model";
import {
  AGE,
  containerCells,
  formatLabels,
  formatSelector,
  NAME,
  NONE,
  printerOf,
  type Cell,
} from "./cells.ts";
import { humanAge, humanDuration } from "./human-duration.ts";

const count =
  (...path: readonly string[]) =>
  (object: KubeObject) =>
    numberOf(at(object, ...path));

const SELECTOR: Cell = {
  name: "Selector",
  wide: true,
  value: (object) => formatSelector(at(object, "spec", "selector")),
};

const CONTAINERS = containerCells((object) => at(object, "spec", "template", "spec"));

/** Ready ones of those that are wanted. */
const READY: Cell = {
  name: "Ready",
  value: (object) =>
    `${numberOf(at(object, "status", "readyReplicas"))}/${numberOf(at(object, "spec", "replicas"))}`,
};

/** Deployments: `READY 1/1`, `UP-TO-DATE`, `AVAILABLE`. */
export const DEPLOYMENT_PRINTER = printerOf([
  NAME,
  READY,
  { name: "Up-to-date", value: count("status", "updatedReplicas") },
  { name: "Available", value: count("status", "availableReplicas") },
  AGE,
  ...CONTAINERS,
  SELECTOR,
]);

/** ReplicaSets: `DESIRED`, `CURRENT`, `READY`. */
export const REPLICA_SET_PRINTER = printerOf([
  NAME,
  { name: "Desired", type: "integer", value: count("spec", "replicas") },
  { name: "Current", type: "integer", value: count("status", "replicas") },
  { name: "Ready", type: "integer", value: count("status", "readyReplicas") },
  AGE,
  ...CONTAINERS,
  SELECTOR,
]);

/** StatefulSets. */
export const STATEFUL_SET_PRINTER = printerOf([NAME, READY, AGE, ...CONTAINERS]);

/** DaemonSets. */
export const DAEMON_SET_PRINTER = printerOf([
  NAME,
  { name: "Desired", type: "integer", value: count("status", "desiredNumberScheduled") },
  { name: "Current", type: "integer", value: count("status", "currentNumberScheduled") },
  { name: "Ready", type: "integer", value: count("status", "numberReady") },
  { name: "Up-to-date", type: "integer", value: count("status", "updatedNumberScheduled") },
  { name: "Available", type: "integer", value: count("status", "numberAvailable") },
  {
    name: "Node Selector",
    value: (object) => formatLabels(at(object, "spec", "template", "spec", "nodeSelector")),
  },
  AGE,
  ...CONTAINERS,
  SELECTOR,
]);

/** ControllerRevisions: whose they are. */
export const CONTROLLER_REVISION_PRINTER = printerOf([
  NAME,
  {
    name: "Controller",
    value: ({ metadata }) => {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
      if (owner === undefined) return "<none>";
      return `${owner.kind.toLowerCase()}.${owner.apiVersion.split("/")[0]}/${owner.name}`;
    },
  },
  { name: "Revision", value: count("revision") },
  AGE,
]);

/** Jobs: `STATUS Complete`, `COMPLETIONS 3/3`. */
export const JOB_PRINTER = printerOf([
  NAME,
  { name: "Status", value: jobStatus },
  { name: "Completions", value: jobCompletions },
  { name: "Duration", value: jobDuration },
  AGE,
  ...CONTAINERS,
  SELECTOR,
]);

/** CronJobs. */
export const CRON_JOB_PRINTER = printerOf([
  NAME,
  { name: "Schedule", value: (cronJob) => textOf(at(cronJob, "spec", "schedule")) },
  { name: "Timezone", value: (cronJob) => textOf(at(cronJob, "spec", "timeZone")) || NONE },
  {
    name: "Suspend",
    type: "boolean",
    value: (cronJob) => (at(cronJob, "spec", "suspend") === true ? "True" : "False"),
  },
  { name: "Active", type: "integer", value: (cronJob) => listOf(at(cronJob, "status", "active")).length },
  { name: "Last Schedule", value: lastSchedule },
  AGE,
  ...containerCells((cronJob) => at(cronJob, "spec", "jobTemplate", "spec", "template", "spec")),
  {
    name: "Selector",
    wide: true,
    value: (cronJob) => formatSelector(at(cronJob, "spec", "jobTemplate", "spec", "selector")),
  },
]);

function lastSchedule(cronJob: KubeObject, nowMs: number): string {
  const last = at(cronJob, "status", "lastScheduleTime");
  return last === undefined ? NONE : humanAge(last, nowMs);
}

const CONDITION_WORDS: readonly (readonly [condition: string, word: string])[] = [
  ["Complete", "Complete"],
  ["Failed", "Failed"],
];

function jobStatus(job: KubeObject): string {
  const holds = (type: string): boolean =>
    objectsOf(at(job, "status", "conditions")).some(
      (condition) => condition["type"] === type && condition["status"] === "True",
    );
  const word = CONDITION_WORDS.find(([condition]) => holds(condition))?.[1];
  if (word !== undefined) return word;
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (holds("Suspended")) return "Suspended";
  if (holds("FailureTarget")) return "FailureTarget";
  return holds("SuccessCriteriaMet") ? "SuccessCriteriaMet" : "Running";
}

function jobCompletions(job: KubeObject): string {
  const succeeded = numberOf(at(job, "status", "succeeded"));
  const completions = at(job, "spec", "completions");
  if (typeof completions === "number") return `${succeeded}/${completions}`;
  const parallelism = numberOf(at(job, "spec", "parallelism"));
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubeObject, nowMs: number): string {
  const startMs = Date.parse(textOf(at(job, "status", "startTime")));
  const endMs = Date.parse(textOf(at(job, "status", "completionTime")));
  if (Number.isNaN(startMs)) return "";
  return humanDuration((Number.isNaN(endMs) ? nowMs : endMs) - startMs);
}

/** PodDisruptionBudgets. */
export const POD_DISRUPTION_BUDGET_PRINTER = printerOf([
  NAME,
  { name: "Min Available", value: (object) => limitOf(at(object, "spec", "minAvailable")) },
  { name: "Max Unavailable", value: (object) => limitOf(at(object, "spec", "maxUnavailable")) },
  { name: "Allowed Disruptions", type: "integer", value: count("status", "disruptionsAllowed") },
  AGE,
]);

function limitOf(limit: unknown): string {
  return typeof limit === "number" || typeof limit === "string" ? `${limit}` : "N/A";
}
