import { describe, expect, it } from "vitest";
import type { Pod } from "@bookmesh/kube-api";
import { canonicalService, workloadOf } from "./workload.ts";

function pod(metadata: Partial<Pod["metadata"]>): Pod {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "", ...metadata }, spec: { containers: [] } };
}

const owner = (kind: string, name: string) => ({
  apiVersion: "apps/v1",
  kind,
  name,
  uid: "u",
  controller: true,
});

describe("workloadOf", () => {
  it.each([
    {
      name: "a Deployment's ReplicaSet",
      metadata: {
        labels: { "pod-template-hash": "6c9f" },
        ownerReferences: [owner("ReplicaSet", "rating-6c9f")],
      },
      expected: { name: "rating", kind: "Deployment", apiVersion: "apps/v1" },
    },
    {
      name: "a ReplicaSet of its own",
      metadata: { ownerReferences: [owner("ReplicaSet", "rating")] },
      expected: { name: "rating", kind: "ReplicaSet", apiVersion: "apps/v1" },
    },
    {
      name: "a StatefulSet",
      metadata: { ownerReferences: [owner("StatefulSet", "db")] },
      expected: { name: "db", kind: "StatefulSet", apiVersion: "apps/v1" },
    },
    {
      name: "a CronJob's Job",
      metadata: { ownerReferences: [owner("Job", "report-29401230")] },
      expected: { name: "report", kind: "CronJob", apiVersion: "apps/v1" },
    },
    {
      name: "a pod of nobody",
      metadata: { name: "sleep" },
      expected: { name: "sleep", kind: "Pod", apiVersion: "v1" },
    },
  ])("finds $name", ({ metadata, expected }) => {
    expect(workloadOf(pod(metadata))).toEqual(expected);
  });
});

describe("canonicalService", () => {
  it.each([
    { labels: { app: "a", "app.kubernetes.io/name": "b" }, expected: { name: "b", revision: "latest" } },
    { labels: { app: "a", version: "v1" }, expected: { name: "a", revision: "v1" } },
    {
      labels: {
        "service.istio.io/canonical-name": "c",
        app: "a",
        "app.kubernetes.io/version": "v2",
        version: "v1",
      },
      expected: { name: "c", revision: "v2" },
    },
    { labels: {}, expected: { name: "sleep", revision: "latest" } },
  ])("of $labels is $expected", ({ labels, expected }) => {
    expect(canonicalService(pod({ name: "sleep", labels }))).toEqual(expected);
  });
});
