import { selects, type KubeObject, type LabelSelector } from "@bookmesh/kube-api";
import {
  at,
  equalJson,
  forbidden,
  invalid,
  isObject,
  notSupported,
  numberOf,
  objectOf,
  parseCronSchedule,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { amount, notNegative, oneOf, unchanged } from "./checks.ts";
import { templateIssues } from "./pod-issues.ts";
import { selectorIssues } from "./selector-issues.ts";

/** What is wrong with a Deployment. */
export function deploymentIssues(deployment: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(deployment["spec"]);
  return [
    ...workloadIssues(spec, "deployment"),
    ...strategyIssues(objectOf(spec["strategy"])),
    ...notNegative("spec.minReadySeconds", spec["minReadySeconds"]),
    ...notNegative("spec.revisionHistoryLimit", spec["revisionHistoryLimit"]),
    ...deadlineIssues(spec),
  ];
}

/** What is wrong with a ReplicaSet. */
export function replicaSetIssues(replicaSet: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(replicaSet["spec"]);
  return [
    ...workloadIssues(spec, "replica set"),
    ...notNegative("spec.minReadySeconds", spec["minReadySeconds"]),
  ];
}

/** What is wrong with a StatefulSet. */
export function statefulSetIssues(statefulSet: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(statefulSet["spec"]);
  return [
    ...workloadIssues(spec, "statefulset"),
    ...oneOf("spec.podManagementPolicy", spec["podManagementPolicy"], ["OrderedReady", "Parallel"]),
  ];
}

/** What is wrong with a DaemonSet. */
export function daemonSetIssues(daemonSet: KubeObject): readonly FieldIssue[] {
  return workloadIssues(objectOf(daemonSet["spec"]), "daemonset");
}

const STATEFUL_SET_CHANGES = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "revisionHistoryLimit",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
];

/** A StatefulSet keeps most of what it is. */
export function statefulSetChangeIssues(
  statefulSet: KubeObject,
  previous: KubeObject,
): readonly FieldIssue[] {
  const fixed = (set: KubeObject): JsonObject =>
    Object.fromEntries(
      Object.entries(objectOf(set["spec"])).filter(([field]) => !STATEFUL_SET_CHANGES.includes(field)),
    );
  if (equalJson(fixed(statefulSet), fixed(previous))) return [];
  const names = STATEFUL_SET_CHANGES.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
  return [forbidden("spec", `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

/** What is wrong with a Job. */
export function jobIssues(job: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(job["spec"]);
  const field = "spec.template.spec.restartPolicy";
  const restart = at(spec, "template", "spec", "restartPolicy");
  const counts = ["parallelism", "completions", "backoffLimit", "activeDeadlineSeconds"];
  return [
    ...[...counts, "ttlSecondsAfterFinished"].flatMap((count) => notNegative(`spec.${count}`, spec[count])),
    ...templateIssues(objectOf(spec["template"]), "spec.template"),
    ...(restart === "Always" || restart === undefined
      ? [{ ...required(field), message: `Required value: valid values: "OnFailure", "Never"` }]
      : []),
  ];
}

/** What is wrong with a CronJob. */
export function cronJobIssues(cronJob: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(cronJob["spec"]);
  const { schedule, timeZone } = spec;
  const read = parseCronSchedule(textOf(schedule));
  const limits = ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
  const job = { ...cronJob, spec: at(spec, "jobTemplate", "spec") };
  return [
    ...(textOf(schedule) === "" ? [required("spec.schedule")] : []),
    ...(typeof read === "string" && textOf(schedule) !== ""
      ? [invalid("spec.schedule", schedule, read)]
      : []),
    ...(timeZone === undefined || isTimeZone(textOf(timeZone))
      ? []
      : [invalid("spec.timeZone", timeZone, `unknown time zone ${textOf(timeZone)}`)]),
    ...oneOf("spec.concurrencyPolicy", spec["concurrencyPolicy"], ["Allow", "Forbid", "Replace"]),
    ...limits.flatMap((limit) => notNegative(`spec.${limit}`, spec[limit])),
    ...jobIssues(job).map((issue) => ({
      ...issue,
      field: issue.field.replace(/^spec/, "spec.jobTemplate.spec"),
    })),
  ];
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).format() !== "";
  } catch {
    return false; // a RangeError: there is none of this name
  }
}

/** A Job keeps what it is to do. */
export function jobChangeIssues(job: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  return ["completions", "selector", "template", "completionMode"].flatMap((field) =>
    unchanged(`spec.${field}`, at(job, "spec", field), at(previous, "spec", field)),
  );
}

/** A workload keeps the pods it selects. */
export function workloadChangeIssues(workload: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  return unchanged("spec.selector", at(workload, "spec", "selector"), at(previous, "spec", "selector"));
}

function workloadIssues(spec: JsonObject, noun: string): readonly FieldIssue[] {
  const { selector } = spec;
  const template = objectOf(spec["template"]);
  const bad = isObject(selector) ? selectorIssues(selector, "spec.selector") : [];
  const restart = at(template, "spec", "restartPolicy");
  return [
    ...notNegative("spec.replicas", spec["replicas"]),
    ...(isObject(selector) ? bad : [required("spec.selector")]),
    ...(bad.length > 0 ? [invalid("spec.selector", selector, "invalid label selector")] : []),
    ...(isEmpty(selector) ? [invalid("spec.selector", {}, `empty selector is invalid for ${noun}`)] : []),
    ...(bad.length > 0 || isEmpty(selector) ? [] : matchIssues(selector, template)),
    ...templateIssues(template, "spec.template"),
    ...(restart === "OnFailure" || restart === "Never"
      ? oneOf("spec.template.spec.restartPolicy", restart, ["Always"])
      : []),
  ];
}

function isEmpty(selector: unknown): boolean {
  if (!isObject(selector)) return false;
  const expressions = selector["matchExpressions"];
  return (
    Object.keys(objectOf(selector["matchLabels"])).length === 0 &&
    !(Array.isArray(expressions) && expressions.length > 0)
  );
}

function matchIssues(selector: unknown, template: JsonObject): readonly FieldIssue[] {
  const labels = at(template, "metadata", "labels");
  // The schema has checked both: a selector and a map of strings.
  const matches = selects(
    selector as LabelSelector | undefined,
    labels as Readonly<Record<string, string>> | undefined,
  );
  if (matches) return [];
  return [invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")];
}

function strategyIssues(strategy: JsonObject): readonly FieldIssue[] {
  const field = "spec.strategy.rollingUpdate";
  switch (strategy["type"]) {
    case "Recreate": {
      const rule = "may not be specified when strategy `type` is 'Recreate'";
      return strategy["rollingUpdate"] === undefined ? [] : [forbidden(field, rule)];
    }
    case "RollingUpdate": {
      const { maxUnavailable, maxSurge } = objectOf(strategy["rollingUpdate"]);
      const isStuck = isZero(maxUnavailable) && isZero(maxSurge);
      return [
        ...amount(`${field}.maxUnavailable`, maxUnavailable),
        ...amount(`${field}.maxSurge`, maxSurge),
        ...(isStuck
          ? [invalid(`${field}.maxUnavailable`, maxUnavailable, "may not be 0 when `maxSurge` is 0")]
          : []),
      ];
    }
    default:
      return [notSupported("spec.strategy", strategy, ["Recreate", "RollingUpdate"])];
  }
}

function isZero(value: unknown): boolean {
  return value === 0 || value === "0%";
}

function deadlineIssues({ progressDeadlineSeconds, minReadySeconds }: JsonObject): readonly FieldIssue[] {
  const field = "spec.progressDeadlineSeconds";
  if (typeof progressDeadlineSeconds !== "number") return [];
  if (progressDeadlineSeconds > numberOf(minReadySeconds)) return [];
  return [invalid(field, progressDeadlineSeconds, "must be greater than minReadySeconds")];
}
