import { describe, expect, it } from "vitest";
import { selects, type KubeObject, type Service, type WebhookConfiguration } from "@bookmesh/kube-api";
import { installValues } from "./values/install-values.ts";
import { meshComponents, type MeshComponent } from "./mesh-objects.ts";

function componentsOf(...settings: readonly string[]): readonly MeshComponent[] {
  const values = installValues(settings, { interceptionMode: "NONE", applicationAddressOffset: "0.128.0.0" });
  return values.ok ? meshComponents(values.value) : [];
}

function objectsOf(...settings: readonly string[]): readonly KubeObject[] {
  return componentsOf(...settings).flatMap(({ objects }) => objects);
}

function find(objects: readonly KubeObject[], kind: string, name: string): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === name);
}

describe("meshObjects", () => {
  const demo = objectsOf("profile=demo");

  it("begins with the kinds, then the namespace, and ends istiod with its webhooks", () => {
    const kinds = demo.map(({ kind }) => kind);
    expect(kinds.lastIndexOf("CustomResourceDefinition")).toBeLessThan(kinds.indexOf("Namespace"));
    expect(kinds.indexOf("Namespace")).toBeLessThan(kinds.indexOf("ServiceAccount"));
    const istiod = componentsOf("profile=demo").find(({ name }) => name === "Istiod");
    expect(istiod?.objects.map(({ kind }) => kind).slice(-2)).toEqual([
      "MutatingWebhookConfiguration",
      "ValidatingWebhookConfiguration",
    ]);
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
          "outboundTrafficPolicy:",
          "  mode: ALLOW_ANY",
          "rootNamespace: istio-system",
          'trustDomain: "cluster.local"',
          "defaultConfig:",
          "  discoveryAddress: istiod.istio-system.svc:15012",
          "  holdApplicationUntilProxyStarts: true",
          "  terminationDrainDuration: 5s",
          "  interceptionMode: NONE",
          "  proxyMetadata:",
          '    APPLICATION_ADDRESS_OFFSET: "0.128.0.0"',
          "",
        ].join("\n"),
      },
    });
  });

  const INJECTOR = find(
    demo,
    "MutatingWebhookConfiguration",
    "istio-sidecar-injector",
  ) as WebhookConfiguration;

  it("has istiod inject sidecars, and creates no pod that asks for one without it", () => {
    for (const webhook of INJECTOR.webhooks ?? [])
      expect(webhook).toMatchObject({
        failurePolicy: "Fail",
        clientConfig: { service: { name: "istiod", namespace: "istio-system", path: "/inject", port: 443 } },
      });
  });

  it.each([
    { namespace: { "istio-injection": "enabled" }, pod: {}, by: ["namespace"] },
    { namespace: { "istio-injection": "enabled", "istio.io/rev": "default" }, pod: {}, by: ["namespace"] },
    { namespace: { "istio-injection": "enabled" }, pod: { "sidecar.istio.io/inject": "false" }, by: [] },
    { namespace: { "istio.io/rev": "default" }, pod: {}, by: ["rev.namespace"] },
    { namespace: { "istio.io/rev": "other" }, pod: { "sidecar.istio.io/inject": "true" }, by: [] },
    { namespace: { "istio-injection": "disabled" }, pod: { "sidecar.istio.io/inject": "true" }, by: [] },
    { namespace: {}, pod: {}, by: [] },
    { namespace: {}, pod: { "sidecar.istio.io/inject": "true" }, by: ["object"] },
    { namespace: {}, pod: { "istio.io/rev": "default" }, by: ["rev.object"] },
    {
      namespace: { "kubernetes.io/metadata.name": "kube-system", "istio-injection": "enabled" },
      pod: {},
      by: [],
    },
    {
      namespace: { "kubernetes.io/metadata.name": "istio-system", "istio-injection": "enabled" },
      pod: {},
      by: [],
    },
  ])("asks istiod by $by about a pod $pod in a namespace $namespace", ({ namespace, pod, by }) => {
    const labels = { "kubernetes.io/metadata.name": "shop", ...namespace };
    const asked = (INJECTOR.webhooks ?? []).filter(
      ({ namespaceSelector, objectSelector }) =>
        selects(namespaceSelector, labels) && selects(objectSelector, pod),
    );
    expect(asked.map(({ name }) => name)).toEqual(by.map((way) => `${way}.sidecar-injector.istio.io`));
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

  it("lets istiod write only what is named, or what is about others' objects", () => {
    const rules = find(demo, "ClusterRole", "istiod-clusterrole-istio-system")?.["rules"];
    const writers = (
      rules as readonly { verbs: string[]; resources: string[]; resourceNames?: string[] }[]
    ).filter(({ verbs }) => verbs.some((verb) => ["create", "update", "patch"].includes(verb)));
    expect(writers.map(({ resources, resourceNames }) => [resources[0], resourceNames?.[0]])).toEqual([
      ["*/status", undefined],
      ["events", undefined],
      ["tokenreviews", undefined],
      ["configmaps", undefined],
      ["configmaps", "istio-ca-root-cert"],
      ["mutatingwebhookconfigurations", "istio-sidecar-injector"],
      ["validatingwebhookconfigurations", "istio-validator-istio-system"],
    ]);
  });

  it.each(["istiod", "istio-ingressgateway", "istio-egressgateway"])(
    "keeps %s to what Pod Security calls restricted",
    (name) => {
      expect(find(demo, "Deployment", name)).toMatchObject({
        spec: {
          template: {
            spec: {
              securityContext: { seccompProfile: { type: "RuntimeDefault" } },
              containers: [
                {
                  securityContext: {
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"] },
                    readOnlyRootFilesystem: true,
                    runAsNonRoot: true,
                  },
                },
              ],
            },
          },
        },
      });
    },
  );

  it("runs gateways as routers of the cluster's pod network", () => {
    expect(find(demo, "Deployment", "istio-ingressgateway")).toMatchObject({
      spec: {
        template: {
          metadata: { labels: { app: "istio-ingressgateway", istio: "ingressgateway" } },
          spec: {
            containers: [
              {
                name: "istio-proxy",
                image: "bookmesh/sidecar-proxy:0.1.0",
                args: ["proxy", "router", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
                env: expect.arrayContaining([
                  { name: "ISTIO_META_INTERCEPTION_MODE", value: "NONE" },
                  { name: "APPLICATION_ADDRESS_OFFSET", value: "0.128.0.0" },
                ]) as unknown,
              },
            ],
          },
        },
      },
    });
  });

  it("opens the ingress gateway to the outside, and the egress gateway to the mesh alone", () => {
    const types = ["istio-ingressgateway", "istio-egressgateway"].map(
      (name) => (find(demo, "Service", name) as Service | undefined)?.spec.type,
    );
    expect(types).toEqual(["LoadBalancer", "ClusterIP"]);
  });

  it("lets istiod read the Secrets of a gateway's namespace, and of no other", () => {
    expect(find(demo, "Role", "istio-ingressgateway-sds")).toMatchObject({
      metadata: { namespace: "istio-system" },
      rules: [{ resources: ["secrets"], verbs: ["get", "list", "watch"] }],
    });
    expect(find(demo, "RoleBinding", "istio-ingressgateway-sds")).toMatchObject({
      subjects: [{ kind: "ServiceAccount", name: "istiod", namespace: "istio-system" }],
    });
  });

  it.each([
    { settings: ["profile=demo"], replicas: 1, kinds: [] },
    { settings: [], replicas: 2, kinds: ["PodDisruptionBudget", "PodDisruptionBudget"] },
    {
      settings: [
        "profile=minimal",
        "values.pilot.replicaCount=3",
        "values.global.networkPolicy.enabled=true",
        "values.global.serviceMonitor.enabled=true",
      ],
      replicas: 3,
      kinds: ["PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor"],
    },
  ])("runs $replicas istiod with $kinds for $settings", ({ settings, replicas, kinds }) => {
    const objects = objectsOf(...settings);
    const optional = ["PodDisruptionBudget", "NetworkPolicy", "ServiceMonitor"];
    expect(find(objects, "Deployment", "istiod")).toMatchObject({ spec: { replicas } });
    expect(objects.map(({ kind }) => kind).filter((kind) => optional.includes(kind))).toEqual(kinds);
  });

  it("runs our images of the same versions under the article's names in profile demo, whatever tag the mesh has", () => {
    const injector = find(
      objectsOf("profile=demo", "hub=mine", "tag=7"),
      "ConfigMap",
      "istio-sidecar-injector",
    );
    const { values } = injector?.["data"] as { readonly values: string };
    expect(JSON.parse(values)).toMatchObject({
      images: { proxy: "mine/sidecar-proxy:7", init: "mine/istio-init:7" },
      imageOverrides: {
        "quay.io/lordofthejars/book-service:v1.0.0": "mine/book-service:v1.0.0",
        "quay.io/lordofthejars/rating-service:v1.0.0": "mine/rating-service:v1.0.0",
        "quay.io/lordofthejars/rating-service:v2.0.0": "mine/rating-service:v2.0.0",
      },
    });
  });

  it.each([
    { profile: "demo", gateways: ["Egress gateways", "Ingress gateways"] },
    { profile: "default", gateways: ["Ingress gateways"] },
    { profile: "minimal", gateways: [] },
  ])("reports the components of profile $profile", ({ profile, gateways }) => {
    const names = componentsOf(`profile=${profile}`).map(({ name }) => name);
    expect(names).toEqual(["Istio core", "Istiod", ...gateways]);
  });

  it("takes a gateway's component by Istio's name, and by its charts'", () => {
    for (const path of ["components.ingressGateways[0]", "values.gateways.istio-ingressgateway"])
      expect(componentsOf(`${path}.enabled=false`).map(({ name }) => name)).toEqual(["Istio core", "Istiod"]);
  });
});
