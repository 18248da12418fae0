import { describe, expect, it } from "vitest";
import type { KubeObject } from "@bookmesh/kube-api";
import { injectWorkload } from "./inject-workload.ts";
import { DEFAULT_MESH_SETTINGS } from "./mesh-settings.ts";

const settings = {
  namespace: "default",
  systemNamespace: "istio-system",
  meshConfig: DEFAULT_MESH_SETTINGS.meshConfig,
  values: DEFAULT_MESH_SETTINGS.injectorValues,
  clusterId: "Kubernetes",
  revision: "default",
  version: "0.1.0",
};

const TEMPLATE = {
  metadata: { labels: { app: "a" } },
  spec: { containers: [{ name: "app", image: "app:1" }] },
};

function workload(kind: string, spec: object, apiVersion = "apps/v1"): KubeObject {
  const object = { apiVersion, kind, metadata: { name: "shop" }, spec };
  return object;
}

/** The owner that the sidecar is told, found wherever the template is. */
function ownerIn(object: object): string | undefined {
  return /kubernetes:\/\/[^"]+/.exec(JSON.stringify(object))?.[0];
}

describe("injectWorkload", () => {
  it.each([
    ...["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"].map((kind) => ({
      object: workload(kind, { replicas: 2, template: TEMPLATE }),
      owner: `apis/apps/v1/namespaces/default/${kind.toLowerCase()}s/shop`,
    })),
    {
      object: workload("Job", { template: TEMPLATE }, "batch/v1"),
      owner: "apis/batch/v1/namespaces/default/jobs/shop",
    },
    {
      object: workload(
        "CronJob",
        { schedule: "* * * * *", jobTemplate: { spec: { template: TEMPLATE } } },
        "batch/v1",
      ),
      owner: "apis/batch/v1/namespaces/default/cronjobs/shop",
    },
    { object: workload("Pod", TEMPLATE.spec, "v1"), owner: "apis/v1/namespaces/default/pods/shop" },
  ])("gives a $object.kind its sidecar", ({ object, owner }) => {
    const injected = injectWorkload(object, settings).object;
    expect(ownerIn(injected)).toBe(`kubernetes://${owner}`);
    expect(JSON.stringify(injected)).not.toContain("ownerReferences");
    expect({ ...injected, spec: {}, metadata: {} }).toEqual({ ...object, spec: {}, metadata: {} });
  });

  it.each([
    { name: "a Service", object: workload("Service", { ports: [] }, "v1") },
    {
      name: "a List without pods",
      object: { ...workload("List", {}, "v1"), items: [workload("Service", {}, "v1")] },
    },
    { name: "a workload without a template", object: workload("Deployment", {}) },
  ])("leaves $name as it is", ({ object }) => {
    expect(injectWorkload(object, settings)).toEqual({ object, notes: [], problems: [] });
    expect(injectWorkload(object, settings).object).toBe(object);
  });

  it("goes through a List", () => {
    const service = workload("Service", {}, "v1");
    const list = {
      ...workload("List", {}, "v1"),
      items: [service, workload("Deployment", { template: TEMPLATE })],
    };
    const { items } = injectWorkload(list, settings).object as unknown as {
      readonly items: readonly object[];
    };
    expect(items[0]).toBe(service);
    expect(ownerIn(items[1] ?? {})).toContain("deployments/shop");
  });

  it.each([
    { name: "its node's network", change: { hostNetwork: true }, says: "Deployment shop: The pod uses" },
    { name: "a bad annotation", annotations: { "sidecar.istio.io/proxyCPU": "x" }, says: "proxyCPU" },
  ])("says why a workload with $name stays as it is", ({ change = {}, annotations = {}, says }) => {
    const template = { metadata: { annotations }, spec: { ...TEMPLATE.spec, ...change } };
    const object = workload("Deployment", { template });
    const injected = injectWorkload(object, settings);
    expect(injected.object).toBe(object);
    expect([...injected.notes, ...injected.problems].join()).toContain(says);
  });
});
