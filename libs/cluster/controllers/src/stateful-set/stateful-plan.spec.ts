import type { Pod, StatefulSet } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { REVISION_HASH } from "../template-history.ts";
import { planStatefulSet } from "./stateful-plan.ts";

type State = "ready" | "unready" | "failed" | "leaving";

function pod(ordinal: number, state: State = "ready", revision = "new"): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `db-${ordinal}`,
      labels: { [REVISION_HASH]: revision },
      ...(state === "leaving" && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
    },
    spec: { containers: [] },
    status: {
      phase: state === "failed" ? "Failed" : "Running",
      conditions: [{ type: "Ready", status: state === "ready" || state === "leaving" ? "True" : "False" }],
    },
  };
}

function set(spec: Partial<StatefulSet["spec"]> = {}): StatefulSet {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "db" },
    spec: { replicas: 3, selector: {}, template: { spec: { containers: [] } }, ...spec },
  };
}

type Row = readonly [
  name: string,
  statefulSet: StatefulSet,
  pods: readonly Pod[],
  create: readonly number[],
  remove: readonly string[],
];

const partition = { type: "RollingUpdate", rollingUpdate: { partition: 2 } } as const;

describe("planStatefulSet", () => {
  it.each<Row>([
    ["begins with the first", set(), [], [0], []],
    ["goes on when the one before is ready", set(), [pod(0)], [1], []],
    ["waits for the one before", set(), [pod(0, "unready")], [], []],
    ["does not wait in parallel", set({ podManagementPolicy: "Parallel" }), [pod(0, "unready")], [1, 2], []],
    ["fills a gap", set(), [pod(0), pod(2)], [1], []],
    ["waits for the end of one that leaves", set(), [pod(0, "leaving")], [], []],
    ["makes room for one that failed", set(), [pod(0), pod(1, "failed")], [], ["db-1"]],
    ["shrinks from the highest down", set({ replicas: 1 }), [pod(0), pod(1), pod(2)], [], ["db-2"]],
    ["shrinks one at a time", set({ replicas: 1 }), [pod(0), pod(1), pod(2, "leaving")], [], []],
    ["updates from the highest down", set(), [0, 1, 2].map((n) => pod(n, "ready", "old")), [], ["db-2"]],
    [
      "waits for an updated one",
      set(),
      [pod(0, "ready", "old"), pod(1, "ready", "old"), pod(2, "unready")],
      [],
      [],
    ],
    [
      "replaces one that its old template keeps from being ready",
      set({ replicas: 1 }),
      [pod(0, "unready", "old")],
      [],
      ["db-0"],
    ],
    [
      "stops at the partition",
      set({ updateStrategy: partition }),
      [pod(0, "ready", "old"), pod(1, "ready", "old"), pod(2)],
      [],
      [],
    ],
    [
      "leaves updates to others",
      set({ updateStrategy: { type: "OnDelete" } }),
      [0, 1, 2].map((n) => pod(n, "ready", "old")),
      [],
      [],
    ],
  ])("%s", (_name, ...[statefulSet, pods, create, remove]) => {
    const plan = planStatefulSet(statefulSet, pods, "new");
    expect({ create: plan.create, remove: plan.remove.map(({ metadata }) => metadata.name) }).toEqual({
      create,
      remove,
    });
  });
});
