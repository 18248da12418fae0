import { at, isObject, listOf, numberOf, objectsOf, textOf, type JsonObject } from "@bookmesh/kube-model";
import { AGE, NAME, NONE, printerOf } from "./cells.ts";
import { humanAge } from "./human-duration.ts";

/** Pods as `kubectl get pods` shows them. */
export const POD_PRINTER = printerOf([
  NAME,
  { name: "Ready", value: (pod) => readyOf(pod) },
  { name: "Status", value: (pod) => statusOf(pod) },
  { name: "Restarts", value: (pod, nowMs) => restartsOf(pod, nowMs) },
  AGE,
  { name: "IP", wide: true, value: (pod) => textOf(at(pod, "status", "podIP")) || NONE },
  { name: "Node", wide: true, value: (pod) => textOf(at(pod, "spec", "nodeName")) || NONE },
  {
    name: "Nominated Node",
    wide: true,
    value: (pod) => textOf(at(pod, "status", "nominatedNodeName")) || NONE,
  },
  { name: "Readiness Gates", wide: true, value: (pod) => readinessGatesOf(pod) },
]);

function readyOf(pod: JsonObject): string {
  const containers = objectsOf(at(pod, "spec", "containers"));
  const sidecars = objectsOf(at(pod, "spec", "initContainers")).filter(isSidecar);
  const readyContainers = isInitialized(pod)
    ? containerStatuses(pod).filter(
        (status) => status["ready"] === true && isObject(at(status, "state", "running")),
      )
    : [];
  const readySidecars = sidecarStatuses(pod).filter(
    (status) => status["started"] === true && status["ready"] === true,
  );
  return `${readyContainers.length + readySidecars.length}/${containers.length + sidecars.length}`;
}

function restartsOf(pod: JsonObject, nowMs: number): string {
  const statuses = isInitialized(pod)
    ? [...sidecarStatuses(pod), ...containerStatuses(pod)]
    : initStatuses(pod);
  const count = statuses.reduce((sum, status) => sum + numberOf(status["restartCount"]), 0);
  const lastEnd = statuses
    .map((status) => textOf(at(status, "lastState", "terminated", "finishedAt")))
    .sort()
    .at(-1);
  return count === 0 || !lastEnd ? `${count}` : `${count} (${humanAge(lastEnd, nowMs)} ago)`;
}

function statusOf(pod: JsonObject): string {
  const phase = textOf(at(pod, "status", "phase"));
  const reason = textOf(at(pod, "status", "reason"));
  if (at(pod, "metadata", "deletionTimestamp") !== undefined) {
    if (reason === "NodeLost") return "Unknown";
    if (phase !== "Failed" && phase !== "Succeeded") return "Terminating";
  }
  const started = isSchedulingGated(pod) ? "SchedulingGated" : reason || phase;
  const initialization = pendingInit(pod);
  return isInitialized(pod) ? containerReason(pod, initialization ?? started) : (initialization ?? started);
}

/** What the containers add to the pod's own status: the first container that waits or has ended is the one that counts. */
function containerReason(pod: JsonObject, start: string): string {
  const statuses = containerStatuses(pod);
  const reasons = statuses.map(reasonOf).filter((reason) => reason !== undefined);
  const reason = reasons[0] ?? start;
  const isRunning = statuses.some(
    (status) =>
      reasonOf(status) === undefined && status["ready"] === true && isObject(at(status, "state", "running")),
  );
  if (reason !== "Completed" || !isRunning) return reason;
  return hasCondition(pod, "Ready") ? "Running" : "NotReady";
}

function reasonOf(status: JsonObject): string | undefined {
  const waiting = textOf(at(status, "state", "waiting", "reason"));
  if (waiting !== "") return waiting;
  const terminated = at(status, "state", "terminated");
  return isObject(terminated) ? endOf(terminated) : undefined;
}

function endOf(terminated: JsonObject): string {
  const reason = textOf(terminated["reason"]);
  if (reason !== "") return reason;
  const signal = numberOf(terminated["signal"]);
  return signal === 0 ? `ExitCode:${numberOf(terminated["exitCode"])}` : `Signal:${signal}`;
}

/** `Init:…` of the first init container that is not done; `undefined` where none holds the pod up. */
function pendingInit(pod: JsonObject): string | undefined {
  const total = listOf(at(pod, "spec", "initContainers")).length;
  for (const [index, status] of initStatuses(pod).entries()) {
    if (isDone(pod, status)) continue;
    const terminated = at(status, "state", "terminated");
    if (isObject(terminated)) return `Init:${endOf(terminated)}`;
    const waiting = textOf(at(status, "state", "waiting", "reason"));
    return waiting === "" || waiting === "PodInitializing" ? `Init:${index}/${total}` : `Init:${waiting}`;
  }
  return undefined;
}

function isDone(pod: JsonObject, status: JsonObject): boolean {
  const terminated = at(status, "state", "terminated");
  if (isObject(terminated) && numberOf(terminated["exitCode"]) === 0) return true;
  return status["started"] === true && sidecarStatuses(pod).includes(status);
}

function isInitialized(pod: JsonObject): boolean {
  return pendingInit(pod) === undefined || hasCondition(pod, "Initialized");
}

function hasCondition(pod: JsonObject, type: string): boolean {
  return objectsOf(at(pod, "status", "conditions")).some(
    (condition) => condition["type"] === type && condition["status"] === "True",
  );
}

function isSchedulingGated(pod: JsonObject): boolean {
  return objectsOf(at(pod, "status", "conditions")).some(
    (condition) => condition["type"] === "PodScheduled" && condition["reason"] === "SchedulingGated",
  );
}

function containerStatuses(pod: JsonObject): readonly JsonObject[] {
  return objectsOf(at(pod, "status", "containerStatuses"));
}

function initStatuses(pod: JsonObject): readonly JsonObject[] {
  return objectsOf(at(pod, "status", "initContainerStatuses"));
}

function sidecarStatuses(pod: JsonObject): readonly JsonObject[] {
  const names = new Set(
    objectsOf(at(pod, "spec", "initContainers"))
      .filter(isSidecar)
      .map((container) => container["name"]),
  );
  return initStatuses(pod).filter((status) => names.has(status["name"]));
}

function isSidecar(container: JsonObject): boolean {
  return container["restartPolicy"] === "Always";
}

function readinessGatesOf(pod: JsonObject): string {
  const gates = objectsOf(at(pod, "spec", "readinessGates"));
  if (gates.length === 0) return NONE;
  const holding = gates.filter((gate) => hasCondition(pod, textOf(gate["conditionType"])));
  return `${holding.length}/${gates.length}`;
}
