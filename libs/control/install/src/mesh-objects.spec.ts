import { describe, expect, it } from "vitest";
import type { KubeObject } from "@bookmesh/kube-api";
import { installValues } from "./install-values.ts";
import { meshComponents, meshObjects } from "./mesh-objects.ts";

function objectsOf(...settings: readonly string[]): readonly KubeObject[] {
  const values = installValues(settings, { interceptionMode: "NONE", applicationAddressOffset: "0.128.0.0" });
  return values.ok ? meshObjects(values.value) : [];
}

function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name);
}

describe("meshObjects", () => {
  const demo = objectsOf("profile=demo");

  it("begins with the kinds, then the namespace, and ends with the webhooks", () => {
    const kinds = demo.map(({ kind }) => kind);
    expect(kinds.lastIndexOf("CustomResourceDefinition")).toBeLessThan(kinds.indexOf("Namespace"));
    expect(kinds.indexOf("Namespace")).toBeLessThan(kinds.indexOf("ServiceAccount"));
    expect(kinds.slice(-2)).toEqual(["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]);
  });

  it("names each object once", () => {
    const names = demo.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it("writes the mesh configuration with the cluster's pod network", () => {
    expect(find(demo, "ConfigMap", "istio")).toMatchObject({
      metadata: { namespace: "istio-system" },
      data: {
        mesh: [
          'accessLogFile: "/dev/stdout"',
          "defaultLoadBalancer: ROUND_ROBIN",
          "rootNamespace: istio-system",
          'trustDomain: "cluster.local"',
          "defaultConfig:",
          "  discoveryAddress: istiod.istio-system.svc:15012",
          "  interceptionMode: NONE",
          "  proxyMetadata:",
          '    APPLICATION_ADDRESS_OFFSET: "0.128.0.0"',
          "",
        ].join("\n"),
      },
    });
  });

  it("injects into labelled namespaces alone, never into those that keep the cluster alive", () => {
    expect(find(demo, "MutatingWebhookConfiguration", "istio-sidecar-injector")).toMatchObject({
      webhooks: [
        {
          failurePolicy: "Fail",
          clientConfig: {
            service: { name: "istiod", namespace: "istio-system", path: "/inject", port: 443 },
          },
          namespaceSelector: {
            matchLabels: { "istio-injection": "enabled" },
            matchExpressions: [
              {
                key: "kubernetes.io/metadata.name",
                operator: "NotIn",
                values: ["istio-system", "kube-system", "kube-public", "kube-node-lease"],
              },
            ],
          },
          objectSelector: {
            matchExpressions: [{ key: "sidecar.istio.io/inject", operator: "NotIn", values: ["false"] }],
          },
        },
      ],
    });
  });

  it("validates writes of rules, and lets them pass until istiod answers", () => {
    expect(find(demo, "ValidatingWebhookConfiguration", "istio-validator-istio-system")).toMatchObject({
      webhooks: [
        {
          failurePolicy: "Ignore",
          rules: [
            {
              operations: ["CREATE", "UPDATE"],
              apiGroups: ["networking.istio.io", "security.istio.io"],
            },
          ],
        },
      ],
    });
  });

  it("runs istiod with both of the labels by which istioctl finds it", () => {
    expect(find(demo, "Deployment", "istiod")).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { app: "istiod", "istio.io/rev": "default" } },
          spec: {
            containers: [{ name: "discovery", image: "bookmesh/control-plane:0.1.0", args: ["discovery"] }],
          },
        },
      },
    });
  });

  it("lets istiod write into its own two webhook configurations alone", () => {
    const rules = find(demo, "ClusterRole", "istiod-clusterrole-istio-system")?.["rules"];
    const writers = (
      rules as readonly { verbs: string[]; resources: string[]; resourceNames?: string[] }[]
    ).filter(({ verbs }) => verbs.includes("update"));
    expect(writers.map(({ resources, resourceNames }) => [resources[0], resourceNames?.[0]])).toEqual([
      ["configmaps", undefined],
      ["mutatingwebhookconfigurations", "istio-sidecar-injector"],
      ["validatingwebhookconfigurations", "istio-validator-istio-system"],
    ]);
  });

  it("reports two components", () => {
    const values = installValues([]);
    expect(values.ok && meshComponents(values.value).map(({ name }) => name)).toEqual([
      "Istio core",
      "Istiod",
    ]);
  });
});
