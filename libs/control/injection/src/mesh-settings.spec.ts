import { describe, expect, it } from "vitest";
import type { ConfigMap } from "@bookmesh/kube-api";
import { DEFAULT_MESH_SETTINGS, readMeshSettings } from "./mesh-settings.ts";

function map(name: string, data: Readonly<Record<string, string>>): ConfigMap {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "istio-system" }, data };
}

describe("readMeshSettings", () => {
  it("takes defaults where there is nothing", () => {
    expect(readMeshSettings([], DEFAULT_MESH_SETTINGS)).toEqual({
      settings: DEFAULT_MESH_SETTINGS,
      problems: [],
    });
  });

  it("reads both ConfigMaps", () => {
    const { settings, problems } = readMeshSettings(
      [
        map("istio", {
          mesh: "defaultLoadBalancer: ROUND_ROBIN\ndefaultConfig:\n  interceptionMode: NONE\n",
        }),
        map("istio-sidecar-injector", { values: '{"images":{"proxy":"p:2"},"nativeSidecars":true}' }),
      ],
      DEFAULT_MESH_SETTINGS,
    );
    expect(problems).toEqual([]);
    expect(settings.meshConfig.defaultLoadBalancer).toBe("ROUND_ROBIN");
    expect(settings.meshConfig.defaultConfig.interceptionMode).toBe("NONE");
    expect(settings.injectorValues).toMatchObject({ images: { proxy: "p:2" }, nativeSidecars: true });
  });

  it.each([
    { name: "YAML that does not parse", data: { mesh: "a: [" }, problem: "is not YAML" },
    { name: "an unknown field", data: { mesh: "colour: red" }, problem: "colour" },
    { name: "a wrong type", data: { mesh: "trustDomain: 1" }, problem: "trustDomain" },
    {
      name: "a bomb of aliases",
      data: { mesh: `a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [${"*b,".repeat(40)}*b]` },
      problem: "is not YAML",
    },
  ])("keeps the last good value for $name, and names the problem", ({ data, problem }) => {
    const before = {
      ...DEFAULT_MESH_SETTINGS,
      meshConfig: { ...DEFAULT_MESH_SETTINGS.meshConfig, trustDomain: "kept" },
    };
    const { settings, problems } = readMeshSettings([map("istio", data)], before);
    expect(settings.meshConfig.trustDomain).toBe("kept");
    expect(problems.join()).toContain(problem);
  });
});
