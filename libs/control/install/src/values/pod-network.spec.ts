import { describe, expect, it } from "vitest";
import { podNetworkOf } from "./pod-network.ts";

describe("podNetworkOf", () => {
  it.each([
    { name: "no ConfigMap", data: undefined, expected: undefined },
    { name: "another mode", data: { interceptionMode: "TPROXY" }, expected: undefined },
    {
      name: "the local cluster's",
      data: { interceptionMode: "NONE", applicationAddressOffset: "0.128.0.0" },
      expected: { interceptionMode: "NONE", applicationAddressOffset: "0.128.0.0" },
    },
  ])("reads $name", ({ data, expected }) => {
    const metadata = { name: "pod-network", namespace: "kube-public" };
    const configMap = data && ({ apiVersion: "v1", kind: "ConfigMap", metadata, data } as const);
    expect(podNetworkOf(configMap)).toEqual(expected);
  });
});
