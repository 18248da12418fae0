import { describe, expect, it } from "vitest";
import { operatorSettings } from "./operator-settings.ts";

const OPERATOR = { apiVersion: "install.istio.io/v1alpha1", kind: "IstioOperator" };

describe("operatorSettings", () => {
  it("reads every leaf of the spec as a setting", () => {
    const spec = {
      profile: "demo",
      meshConfig: { accessLogFile: "", defaultConfig: { holdApplicationUntilProxyStarts: true } },
      values: { pilot: { replicaCount: 3 } },
      components: { ingressGateways: [{ name: "istio-ingressgateway", enabled: false }] },
    };
    expect(operatorSettings({ ...OPERATOR, metadata: { name: "mine" }, spec })).toEqual({
      ok: true,
      value: [
        "profile=demo",
        "meshConfig.accessLogFile=",
        "meshConfig.defaultConfig.holdApplicationUntilProxyStarts=true",
        "values.pilot.replicaCount=3",
        "components.ingressGateways[0].enabled=false",
      ],
    });
  });

  it.each([
    { name: "no object", document: "profile", path: "" },
    { name: "another kind", document: { ...OPERATOR, kind: "Deployment" }, path: "kind" },
    { name: "another group", document: { ...OPERATOR, apiVersion: "apps/v1" }, path: "apiVersion" },
    { name: "a list", document: { ...OPERATOR, spec: { values: { a: [1] } } }, path: "values.a" },
  ])("refuses $name", ({ document, path }) => {
    expect(operatorSettings(document)).toMatchObject({ ok: false, error: [{ path }] });
  });
});
