import { describe, expect, it } from "vitest";
import type { Container, Pod } from "@bookmesh/kube-api";
import { meshConfigSchema } from "@bookmesh/mesh-api";
import { injectSidecar, type Injection } from "./inject-sidecar.ts";
import { DEFAULT_INJECTOR_VALUES } from "./injector-values.ts";

function injected(containers: readonly Container[], templates = "gateway"): Injection {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "edge-1",
      labels: { app: "edge" },
      annotations: { "inject.istio.io/templates": templates },
    },
    spec: { containers },
  };
  return injectSidecar(pod, {
    ...{ namespace: "shop", systemNamespace: "istio-system", meshConfig: meshConfigSchema.parse({}) },
    ...{ values: DEFAULT_INJECTOR_VALUES, clusterId: "Kubernetes", revision: "default", version: "0.1.0" },
  });
}

function podOf(injection: Injection): Pod | undefined {
  return injection.outcome === "injected" ? injection.pod : undefined;
}

function proxyOf(injection: Injection): Container | undefined {
  return podOf(injection)?.spec.containers[0];
}

describe("a pod that asks to be a gateway", () => {
  const injection = injected([
    {
      name: "istio-proxy",
      image: "auto",
      ports: [{ containerPort: 8_080 }],
      env: [{ name: "TRUST_DOMAIN", value: "mine" }],
      resources: { requests: { cpu: "1" } },
    },
    { name: "other", image: "other:1" },
  ]);
  const pod = podOf(injection);
  const [proxy, other] = pod?.spec.containers ?? [];

  it("gets the mesh's proxy as a router, and its volumes", () => {
    expect(proxy).toMatchObject({
      image: "bookmesh/sidecar-proxy:0.1.0",
      args: ["proxy", "router", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
      securityContext: { runAsNonRoot: true, readOnlyRootFilesystem: true },
    });
    expect(proxy).not.toHaveProperty("lifecycle");
    expect(pod?.spec.volumes?.map(({ name }) => name)).toContain("istio-token");
    // What it saves holds keys.
    expect(pod?.spec.volumes).toContainEqual({ name: "istio-data", emptyDir: { medium: "Memory" } });
  });

  it("keeps what its author says", () => {
    expect(proxy).toMatchObject({ resources: { requests: { cpu: "1" } } });
    expect(proxy?.ports).toContainEqual({ containerPort: 8_080 });
    expect(proxy?.env?.filter(({ name }) => name === "TRUST_DOMAIN")).toEqual([
      { name: "TRUST_DOMAIN", value: "mine" },
    ]);
    expect(other).toEqual({ name: "other", image: "other:1" });
  });

  it("is pulled as the mesh's images are, whatever the API server has filled in", () => {
    const filled = { name: "istio-proxy", image: "auto", imagePullPolicy: "Always", resources: {} };
    const filledIn = proxyOf(injected([filled]));
    expect(filledIn).toMatchObject({
      image: "bookmesh/sidecar-proxy:0.1.0",
      imagePullPolicy: "IfNotPresent",
    });
    expect(filledIn).toHaveProperty("resources.requests.cpu");
  });

  it("keeps an author's own image, and how it is pulled", () => {
    const own = { name: "istio-proxy", image: "mine:1", imagePullPolicy: "Always" };
    expect(proxyOf(injected([own]))).toMatchObject({ image: "mine:1", imagePullPolicy: "Always" });
  });

  it("has nothing redirected", () => {
    expect(pod?.spec.initContainers).toBeUndefined();
    expect(JSON.parse(pod?.metadata.annotations?.["sidecar.istio.io/status"] ?? "{}")).toMatchObject({
      initContainers: null,
      containers: ["istio-proxy"],
    });
  });

  it("is refused without the container that is to become one", () => {
    expect(injected([{ name: "app", image: "app:1" }])).toEqual({
      outcome: "refused",
      problem: `Annotation inject.istio.io/templates asks for a gateway, but the pod has no container "istio-proxy".`,
    });
  });

  it("cannot be a sidecar's pod too", () => {
    const outcome = injected([{ name: "istio-proxy", image: "auto" }], "sidecar,gateway");
    expect(outcome.outcome).not.toBe("injected");
  });
});
