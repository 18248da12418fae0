import type { Condition, Pod } from "@bookmesh/kube-api";
import { podContainers } from "@bookmesh/pod-network";
import { timestamp } from "@bookmesh/reconcile";
import { containerStatus, type ContainerRecord } from "./container-record.ts";
import { parseQuantity } from "./downward.ts";
import { shallRestart } from "./restart.ts";

type PodStatus = NonNullable<Pod["status"]>;

/** What a pod's status is made of. */
export interface PodFacts {
  readonly records: readonly ContainerRecord[];
  readonly podIp: string | undefined;
  readonly hostAddress: string;
  readonly nowMs: number;
}

/** The status of `pod`. Conditions keep their transition times where they do not change. */
export function podStatus(pod: Pod, facts: PodFacts): PodStatus {
  const { records, podIp, hostAddress, nowMs } = facts;
  const phase = podPhase(pod, records);
  const init = records.filter(({ role }) => role !== "main");
  return {
    phase,
    conditions: conditionsOf(pod, records, phase).map((condition) => withTime(pod, condition, nowMs)),
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    ...(podIp === undefined ? {} : { podIP: podIp, podIPs: [{ ip: podIp }] }),
    startTime: pod.status?.startTime ?? timestamp(nowMs),
    ...(init.length === 0 ? {} : { initContainerStatuses: init.map(containerStatus) }),
    containerStatuses: records.filter(({ role }) => role === "main").map(containerStatus),
    qosClass: pod.status?.qosClass ?? qosClass(pod),
  };
}

/** Where the pod is in its life. Source: Kubernetes, "Pod Lifecycle", "Pod phase". */
export function podPhase(
  { spec }: Pod,
  records: readonly ContainerRecord[],
): NonNullable<PodStatus["phase"]> {
  const policy = spec.restartPolicy;
  const over = ({ role, state }: ContainerRecord) =>
    state.terminated !== undefined && !shallRestart(policy, role, state.terminated.exitCode);
  const failedInit = records.some(
    (record) => record.role === "init" && over(record) && record.state.terminated?.exitCode !== 0,
  );
  if (failedInit) return "Failed";
  const main = records.filter(({ role }) => role === "main");
  if (main.length > 0 && main.every(over))
    return main.every(({ state }) => state.terminated?.exitCode === 0) ? "Succeeded" : "Failed";
  return main.every(hasRun) ? "Running" : "Pending";
}

/** Says whether the init containers have done their work and the sidecars have started; once so, it stays so. */
function isInitialized(records: readonly ContainerRecord[]): boolean {
  return records.some((record) => record.role === "main" && hasRun(record)) || records.every(isSettled);
}

function hasRun({ containerId }: ContainerRecord): boolean {
  return containerId !== undefined;
}

function isSettled({ role, state, started }: ContainerRecord): boolean {
  if (role === "init") return state.terminated?.exitCode === 0;
  return role === "main" || started;
}

/** How well the pod's resources are reserved. Source: Kubernetes, "Pod Quality of Service Classes". */
function qosClass({ spec }: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const resources = podContainers(spec).map(({ container }) => container.resources ?? {});
  const names = ["cpu", "memory"] as const;
  const isEmpty = resources.every(
    ({ limits, requests }) => !names.some((name) => limits?.[name] ?? requests?.[name]),
  );
  if (isEmpty) return "BestEffort";
  const isGuaranteed = resources.every(({ limits, requests }) =>
    names.every((name) => {
      const limit = limits?.[name];
      return limit !== undefined && parseQuantity(limit) === parseQuantity(requests?.[name] ?? limit);
    }),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}

function conditionsOf(
  pod: Pod,
  records: readonly ContainerRecord[],
  phase: PodStatus["phase"],
): readonly Condition[] {
  const isOver = phase === "Succeeded" || phase === "Failed";
  const unready = records.filter(({ role, ready }) => role !== "init" && !ready).map(({ name }) => name);
  const uninitialized = isInitialized(records) ? [] : records.filter((record) => !isSettled(record));
  const readiness = (type: string): Condition => {
    if (isOver) return { type, status: "False", reason: phase === "Failed" ? "PodFailed" : "PodCompleted" };
    return unmet(type, "ContainersNotReady", { state: "unready", names: unready });
  };
  const initialized = unmet("Initialized", "ContainersNotInitialized", {
    state: "incomplete",
    names: uninitialized.map(({ name }) => name),
  });
  const conditions: readonly Condition[] = [
    { type: "PodReadyToStartContainers", status: isOver ? "False" : "True" },
    phase === "Succeeded" ? { type: "Initialized", status: "True", reason: "PodCompleted" } : initialized,
    readiness("Ready"),
    readiness("ContainersReady"),
    { type: "PodScheduled", status: "True" },
  ];
  return conditions.map((condition) => ({ ...condition, ...observed(pod) }));
}

function unmet(
  type: string,
  reason: string,
  { state, names }: { readonly state: string; readonly names: readonly string[] },
): Condition {
  if (names.length === 0) return { type, status: "True" };
  return {
    type,
    status: "False",
    reason,
    message: `containers with ${state} status: [${names.join(" ")}]`,
  };
}

function observed({ metadata }: Pod): Pick<Condition, "observedGeneration"> {
  return metadata.generation === undefined ? {} : { observedGeneration: metadata.generation };
}

function withTime({ status }: Pod, condition: Condition, nowMs: number): Condition {
  const present = status?.conditions?.find(({ type }) => type === condition.type);
  const kept = present?.status === condition.status ? present.lastTransitionTime : undefined;
  return { ...condition, lastProbeTime: null, lastTransitionTime: kept ?? timestamp(nowMs) };
}
