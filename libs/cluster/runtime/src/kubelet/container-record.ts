import type { ContainerState, ContainerStatus } from "@bookmesh/kube-api";
import type { ContainerRole } from "@bookmesh/pod-network";
import { timestamp } from "@bookmesh/reconcile";

/** How one container is: what its status is made of. */
export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  readonly role: ContainerRole;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly restartCount: number;
  /** Takes traffic, as its readiness probe says. */
  readonly ready: boolean;
  /** Has passed its startup probe. */
  readonly started: boolean;
  readonly containerId?: string;
}

/** What can happen to a container. */
export type ContainerEvent =
  | { readonly type: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly type: "running"; readonly atMs: number; readonly containerId: string }
  | { readonly type: "startedUp" }
  | { readonly type: "readiness"; readonly ready: boolean }
  | {
      readonly type: "ended";
      readonly atMs: number;
      readonly exitCode: number;
      readonly reason?: string;
      readonly message?: string;
    };

/** A container that has not run yet. */
export function newRecord(
  { name, image, role }: { readonly name: string; readonly image: string; readonly role: ContainerRole },
  waitingFor: string,
): ContainerRecord {
  const state = { waiting: { reason: waitingFor } };
  return { name, image, role, state, lastState: {}, restartCount: 0, ready: false, started: false };
}

/** The record after `event`. */
export function nextRecord(record: ContainerRecord, event: ContainerEvent): ContainerRecord {
  switch (event.type) {
    case "waiting":
      return waiting(record, event);
    case "running":
      return {
        ...record,
        state: { running: { startedAt: timestamp(event.atMs) } },
        lastState: record.state.terminated ? record.state : record.lastState,
        restartCount: record.containerId === undefined ? record.restartCount : record.restartCount + 1,
        containerId: event.containerId,
        ready: false,
        started: false,
      };
    case "startedUp":
      return { ...record, started: record.state.running !== undefined };
    case "readiness":
      return { ...record, ready: event.ready && record.state.running !== undefined };
    case "ended":
      return { ...record, state: terminated(record, event), ready: false, started: false };
  }
}

/** The record that a container begins with after the cluster has been restarted: its process is gone. */
export function recoveredRecord(
  record: ContainerRecord,
  status: ContainerStatus,
  nowMs: number,
): ContainerRecord {
  const restartCount = status.restartCount;
  const containerId = status.containerID;
  const finished = status.state?.terminated;
  const known = { ...record, restartCount, ...(containerId === undefined ? {} : { containerId }) };
  if (finished) return { ...known, state: status.state ?? {}, lastState: status.lastState ?? {} };
  if (!status.state?.running) return { ...known, lastState: status.lastState ?? {} };
  const lastState = {
    terminated: {
      exitCode: 255,
      reason: "Unknown",
      message: "The local cluster was stopped.",
      startedAt: status.state.running.startedAt,
      finishedAt: timestamp(nowMs),
      ...(containerId === undefined ? {} : { containerID: containerId }),
    },
  };
  return { ...known, lastState };
}

/** The record as the pod's status shows it. */
export function containerStatus(record: ContainerRecord): ContainerStatus {
  const { name, image, role, state, lastState, restartCount, containerId } = record;
  const done = role === "init" && state.terminated?.exitCode === 0;
  return {
    name,
    image,
    imageID: state.waiting && containerId === undefined ? "" : `bookmesh://${image}`,
    ...(containerId === undefined ? {} : { containerID: containerId }),
    ready: role === "init" ? done : record.ready,
    started: record.started,
    restartCount,
    state,
    lastState,
  };
}

function waiting(
  record: ContainerRecord,
  { reason, message }: Extract<ContainerEvent, { type: "waiting" }>,
): ContainerRecord {
  return {
    ...record,
    state: { waiting: message === undefined ? { reason } : { reason, message } },
    lastState: record.state.terminated ? record.state : record.lastState,
    ready: false,
    started: false,
  };
}

function terminated(
  { state, containerId }: ContainerRecord,
  { exitCode, reason, message, atMs }: Extract<ContainerEvent, { type: "ended" }>,
): ContainerState {
  const finishedAt = timestamp(atMs);
  return {
    terminated: {
      exitCode,
      reason: reason ?? (exitCode === 0 ? "Completed" : "Error"),
      ...(message === undefined ? {} : { message }),
      startedAt: state.running?.startedAt ?? finishedAt,
      finishedAt,
      ...(containerId === undefined ? {} : { containerID: containerId }),
    },
  };
}
