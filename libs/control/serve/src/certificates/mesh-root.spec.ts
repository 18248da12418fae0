import { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { describe, expect, it } from "vitest";
import { RESOURCES, type Secret } from "@bookmesh/kube-api";
import { systemClock } from "@bookmesh/node-host";
import { meshRoot } from "./mesh-root.ts";

const NAMESPACE = "istio-system";
const KEY = { namespace: NAMESPACE, name: "istio-ca-secret" };

describe("meshRoot", () => {
  it("makes a root once; of many istiods that start together, all get the same", async () => {
    const api = new FakeKubeApi();
    const starts = Array.from({ length: 5 }, () => meshRoot(api.client(), NAMESPACE, systemClock));
    const roots = await Promise.all(starts);
    expect(new Set(roots.map(({ certPem }) => certPem)).size).toBe(1);
    expect(await meshRoot(api.client(), NAMESPACE, systemClock)).toEqual(roots[0]);
  });

  it.each([
    { name: "nothing", data: {} },
    { name: "rubbish", data: { "ca-cert.pem": "eA==", "ca-key.pem": "eA==" } },
  ])("refuses a Secret that holds $name, and says what to do", async ({ data }) => {
    const api = new FakeKubeApi();
    const secret: Secret = { apiVersion: "v1", kind: "Secret", metadata: KEY, data };
    api.put(RESOURCES.secrets, secret);
    await expect(meshRoot(api.client(), NAMESPACE, systemClock)).rejects.toThrow(/istio-ca-secret .*backup/);
  });
});
