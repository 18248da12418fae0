import { describe, expect, it } from "vitest";
import type { Pod } from "@bookmesh/kube-api";
import { pruneObject, prunePod, pruneStatus } from "./prune.ts";

const METADATA = { name: "rating", namespace: "default" } as const;

describe("pruning", () => {
  it("drops what changes without meaning, and kubectl's copy of the object", () => {
    const noise = { managedFields: [{}], resourceVersion: "7" };
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", exportTo: "." };
    const object = { apiVersion: "v1", kind: "Service", metadata: { ...METADATA, ...noise, annotations } };
    expect(pruneObject(object).metadata).toEqual({ ...METADATA, annotations: { exportTo: "." } });
  });

  it("drops the status of what somebody else reports on", () => {
    const object = { apiVersion: "v1", kind: "Service", metadata: METADATA, status: { loadBalancer: {} } };
    expect(JSON.parse(JSON.stringify(pruneStatus(object)))).not.toHaveProperty("status");
  });

  it("keeps of a pod who it is, where it runs and what it listens on", () => {
    const kept = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...METADATA, labels: { app: "rating" } },
      spec: { serviceAccountName: "rating", containers: [{ name: "app", ports: [{ containerPort: 80 }] }] },
      status: { phase: "Running", podIP: "10.0.0.1" },
    } as const;
    const pod = {
      ...kept,
      metadata: { ...kept.metadata, annotations: { note: "long" }, managedFields: [{}] },
      spec: {
        ...kept.spec,
        containers: [{ ...kept.spec.containers[0], image: "app", env: [] }],
        volumes: [],
      },
      status: { ...kept.status, conditions: [], containerStatuses: [] },
    } as unknown as Pod;
    expect(prunePod(pod)).toEqual(kept);
  });
});
