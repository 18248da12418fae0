import { describe, expect, it } from "vitest";
import { DEFAULT_MESH_CONFIG, meshConfigSchema } from "./mesh-config.ts";

describe("meshConfigSchema", () => {
  it("has a default for every field", () => {
    expect(DEFAULT_MESH_CONFIG).toMatchObject({
      rootNamespace: "istio-system",
      trustDomain: "cluster.local",
      defaultLoadBalancer: "LEAST_REQUEST",
      outboundTrafficPolicy: { mode: "ALLOW_ANY" },
      defaultConfig: { interceptionMode: "REDIRECT", proxyMetadata: {} },
    });
  });

  it("refuses a field that it does not know", () => {
    expect(meshConfigSchema.safeParse({ enableTracing: true }).success).toBe(false);
  });
});
