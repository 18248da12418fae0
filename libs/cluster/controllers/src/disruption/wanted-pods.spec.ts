import type { Deployment, KubeObject, Pod, ReplicaSet, StatefulSet } from "@bookmesh/kube-api";
import { nameOf, keyOf, type ObjectCache } from "@bookmesh/reconcile";
import { describe, expect, it } from "vitest";
import { wantedPods } from "./wanted-pods.ts";

const owned = (
  name: string,
  owner?: { readonly kind: string; readonly name: string; readonly group?: string },
) => ({
  name,
  namespace: "shop",
  uid: `of-${name}`,
  ...(owner && {
    ownerReferences: [
      {
        apiVersion: `${owner.group ?? "apps"}/v1`,
        kind: owner.kind,
        name: owner.name,
        uid: `of-${owner.name}`,
        controller: true,
      },
    ],
  }),
});

const workload = <Kind extends string>(kind: Kind, metadata: KubeObject["metadata"], replicas: number) => ({
  apiVersion: "apps/v1",
  kind,
  metadata,
  spec: { replicas, selector: {}, serviceName: "", template: { spec: { containers: [] } } },
});

const pod = (owner?: Parameters<typeof owned>[1]): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: owned("a-pod", owner),
  spec: { containers: [] },
});

function cacheOf<T extends KubeObject>(...objects: readonly T[]): ObjectCache<T> {
  return {
    get: (key) => objects.find((object) => nameOf(keyOf(object)) === nameOf(key)),
    list: () => objects,
    onChange: () => undefined,
    stop: () => undefined,
  };
}

const workloads = {
  deployments: cacheOf<Deployment>(workload("Deployment", owned("web"), 3)),
  replicaSets: cacheOf<ReplicaSet>(
    workload("ReplicaSet", owned("web-1", { kind: "Deployment", name: "web" }), 2),
    workload("ReplicaSet", owned("web-2", { kind: "Deployment", name: "web" }), 1),
    workload("ReplicaSet", owned("alone"), 4),
  ),
  statefulSets: cacheOf<StatefulSet>(workload("StatefulSet", owned("store"), 5)),
};

const of = (kind: string, name: string) => pod({ kind, name });

describe("wantedPods", () => {
  it.each([
    {
      name: "a deployment in a rollout, once",
      pods: [of("ReplicaSet", "web-1"), of("ReplicaSet", "web-2")],
      wanted: 3,
    },
    { name: "a replica set of its own", pods: [of("ReplicaSet", "alone")], wanted: 4 },
    { name: "several workloads", pods: [of("StatefulSet", "store"), of("ReplicaSet", "alone")], wanted: 9 },
    { name: "nothing for pods that nobody controls", pods: [pod()], wanted: 0 },
    { name: "nothing for a workload that has gone", pods: [of("ReplicaSet", "gone")], wanted: 0 },
    {
      name: "nothing that has no size",
      pods: [of("DaemonSet", "agent")],
      wanted: { unknown: "daemonsets.apps does not implement the scale subresource" },
    },
  ])("counts $name", ({ pods, wanted }) => {
    expect(wantedPods(workloads, pods)).toEqual(wanted);
  });
});
