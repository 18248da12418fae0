import { describe, expect, it } from "vitest";
import type { Pod } from "@bookmesh/kube-api";
import { DEFAULT_MESH_CONFIG, meshConfigSchema } from "@bookmesh/mesh-api";
import type { Result } from "@bookmesh/kernel";
import { DEFAULT_INJECTOR_VALUES } from "./injector-values.ts";
import { readPodSettings, type PodSettings } from "./pod-settings.ts";

function settingsOf(annotations: Readonly<Record<string, string>>): Result<PodSettings, string> {
  const metadata = { name: "app-1", annotations };
  const pod: Pod = { apiVersion: "v1", kind: "Pod", metadata, spec: { containers: [] } };
  return readPodSettings(pod, DEFAULT_MESH_CONFIG, DEFAULT_INJECTOR_VALUES);
}

describe("readPodSettings", () => {
  it.each([
    { annotation: "sidecar.istio.io/proxyImage", text: "own:1", value: { proxyImage: "own:1" } },
    { annotation: "sidecar.istio.io/interceptionMode", text: "NONE", value: { interceptionMode: "NONE" } },
    { annotation: "sidecar.istio.io/nativeSidecar", text: "true", value: { isNative: true } },
    { annotation: "prometheus.istio.io/merge-metrics", text: "false", value: { mergesMetrics: false } },
    { annotation: "sidecar.istio.io/rewriteAppHTTPProbers", text: "false", value: { rewritesProbes: false } },
    { annotation: "inject.istio.io/templates", text: "sidecar", value: {} },
  ])("takes $annotation", ({ annotation, text, value }) => {
    expect(settingsOf({ [annotation]: text })).toMatchObject({ ok: true, value });
  });

  it("counts nothing but the pod's words on resources where it has any", () => {
    const read = settingsOf({
      "sidecar.istio.io/proxyCPU": "50m",
      "sidecar.istio.io/proxyMemoryLimit": "64Mi",
    });
    const resources = { requests: { cpu: "50m" }, limits: { memory: "64Mi" } };
    expect(read.ok && read.value.resources).toEqual(resources);
  });

  it("puts the pod's own proxy configuration over the mesh's", () => {
    const read = settingsOf({
      "proxy.istio.io/config": "terminationDrainDuration: 9s\nproxyMetadata: { A: b }",
    });
    expect(read).toMatchObject({
      ok: true,
      value: {
        meshConfig: meshConfigSchema.parse({
          defaultConfig: { terminationDrainDuration: "9s", proxyMetadata: { A: "b" } },
        }),
      },
    });
  });

  it.each([
    { annotation: "sidecar.istio.io/interceptionMode", text: "TPROXY", says: "only REDIRECT and NONE" },
    { annotation: "inject.istio.io/templates", text: "sidecar,grpc-agent", says: '"grpc-agent"' },
    { annotation: "proxy.istio.io/config", text: "{", says: "not YAML" },
    { annotation: "proxy.istio.io/config", text: "[1]", says: "no YAML object" },
    { annotation: "proxy.istio.io/config", text: "nothing: 1", says: "nothing" },
    { annotation: "sidecar.istio.io/proxyMemory", text: "lots", says: "no quantity" },
    { annotation: "traffic.sidecar.istio.io/includeOutboundIPRanges", text: "here", says: '"here"' },
    { annotation: "traffic.sidecar.istio.io/excludeInboundPorts", text: "*", says: "include nothing" },
    { annotation: "traffic.sidecar.istio.io/kubevirtInterfaces", text: "tap0", says: "not supported" },
  ])("refuses $annotation: $text", ({ annotation, text, says }) => {
    const read = settingsOf({ [annotation]: text });
    expect(read).toEqual({ ok: false, error: expect.stringContaining(`Annotation ${annotation}`) as string });
    expect(read).toEqual({ ok: false, error: expect.stringContaining(says) as string });
  });
});
