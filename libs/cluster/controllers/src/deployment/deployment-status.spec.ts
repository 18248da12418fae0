import type { Deployment, ReplicaSet } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { deploymentStatus, msUntilDeadline } from "./deployment-status.ts";

const NOW_MS = Date.parse("2026-01-01T00:10:00Z");
const template = { spec: { containers: [] } };

function deployment(status?: Deployment["status"], paused = false): Deployment {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", generation: 3 },
    spec: { replicas: 2, selector: {}, template, paused, progressDeadlineSeconds: 60 },
    ...(status && { status }),
  };
}

function replicaSet(
  available: number,
  conditions?: NonNullable<ReplicaSet["status"]>["conditions"],
): ReplicaSet {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "web-1" },
    spec: { replicas: 2, selector: {}, template },
    status: {
      replicas: 2,
      readyReplicas: available,
      availableReplicas: available,
      ...(conditions && { conditions }),
    },
  };
}

const progressingSince = (lastUpdateTime: string): Deployment["status"] => ({
  replicas: 2,
  updatedReplicas: 2,
  conditions: [
    {
      type: "Progressing",
      status: "True",
      reason: "ReplicaSetUpdated",
      lastUpdateTime,
      lastTransitionTime: lastUpdateTime,
    },
  ],
});

const reasons = (status: NonNullable<Deployment["status"]>) => status.conditions?.map(({ reason }) => reason);

describe("deploymentStatus", () => {
  it.each([
    {
      name: "a new replica set",
      of: deployment(),
      current: replicaSet(0),
      milestone: { reason: "NewReplicaSetCreated", replicaSet: "web-1" } as const,
      reasons: ["MinimumReplicasUnavailable", "NewReplicaSetCreated"],
    },
    {
      name: "a pod more than before",
      of: deployment(progressingSince("2026-01-01T00:00:00Z")),
      current: replicaSet(1),
      reasons: ["MinimumReplicasUnavailable", "ReplicaSetUpdated"],
    },
    {
      name: "everything there",
      of: deployment(),
      current: replicaSet(2),
      reasons: ["MinimumReplicasAvailable", "NewReplicaSetAvailable"],
    },
    {
      name: "no progress until the deadline",
      of: deployment(progressingSince("2026-01-01T00:00:00Z")),
      current: replicaSet(0),
      reasons: ["MinimumReplicasUnavailable", "ProgressDeadlineExceeded"],
    },
    {
      name: "no progress yet",
      of: deployment(progressingSince("2026-01-01T00:09:30Z")),
      current: replicaSet(0),
      reasons: ["MinimumReplicasUnavailable", "ReplicaSetUpdated"],
    },
    {
      name: "a pause",
      of: deployment(undefined, true),
      current: replicaSet(2),
      reasons: ["MinimumReplicasAvailable", "DeploymentPaused"],
    },
    {
      name: "refused pods",
      of: deployment(progressingSince("2026-01-01T00:09:30Z")),
      current: replicaSet(0, [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate" }]),
      reasons: ["MinimumReplicasUnavailable", "ReplicaSetUpdated", "FailedCreate"],
    },
  ])("names $name", ({ of, current, milestone, reasons: expected }) => {
    const status = deploymentStatus(
      of,
      { current, old: [] },
      { nowMs: NOW_MS, ...(milestone && { milestone }) },
    );
    expect(reasons(status)).toEqual(expected);
  });

  it("counts what is there and what is missing, of the generation that it has seen", () => {
    expect(
      deploymentStatus(deployment(), { current: replicaSet(1), old: [] }, { nowMs: NOW_MS }),
    ).toMatchObject({
      observedGeneration: 3,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 1,
      unavailableReplicas: 1,
    });
  });
});

describe("msUntilDeadline", () => {
  it.each([
    { name: "what is left of it", of: deployment(progressingSince("2026-01-01T00:09:30Z")), ms: 30_000 },
    { name: "nothing before there is progress", of: deployment(), ms: undefined },
    {
      name: "nothing while paused",
      of: deployment(progressingSince("2026-01-01T00:09:30Z"), true),
      ms: undefined,
    },
  ])("says $name", ({ of, ms }) => {
    expect(msUntilDeadline(of, NOW_MS)).toBe(ms);
  });
});
