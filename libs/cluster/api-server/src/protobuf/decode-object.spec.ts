import { describe, expect, it } from "vitest";
import { decodeProtobuf } from "./decode-object.ts";

/** Bodies as `kubectl create` 1.34 sends them. */
const BODIES = [
  {
    name: "a ConfigMap",
    body: "azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhwKEgoBYxIAGgFuIgAqADIAOABCABIGCgFhEgFiGgAiAA==",
    object: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "c", namespace: "n" },
      data: { a: "b" },
    },
  },
  {
    name: "a Secret, whose values are bytes",
    body: "azhzAAoMCgJ2MRIGU2VjcmV0Eh4KEgoBcxIAGgFuIgAqADIAOABCABIGCgFhEgFiGgAaACIA",
    object: {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "n" },
      data: { a: "Yg==" },
    },
  },
  {
    name: "a Service, with a port by name",
    body: "azhzAAoNCgJ2MRIHU2VydmljZRJmChwKAXMSABoBbiIAKgAyADgAQgBaCAoDYXBwEgFzEkIKHgoHODAtaHR0cBIDVENQGFAiCggBEAAaBGh0dHAoABIICgNhcHASAXMaACIITm9kZVBvcnQ6AEIAUgBaAGAAaAAaAgoAGgAiAA==",
    object: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s", namespace: "n", labels: { app: "s" } },
      spec: {
        type: "NodePort",
        selector: { app: "s" },
        ports: [{ name: "80-http", protocol: "TCP", port: 80, targetPort: "http" }],
      },
      status: { loadBalancer: {} },
    },
  },
  {
    name: "a Deployment of no replicas, a zero that means something",
    body: "azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50EqoBChwKAWQSABoBbiIAKgAyADgAQgBaCAoDYXBwEgFkEnwIABIKCggKA2FwcBIBZBpkChoKABIAGgAiACoAMgA4AEIAWggKA2FwcBIBZBJGEigKAXgSA3g6MSoAMgoKABAAGFAiACoAQgBqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAIIBAIoBAJoBAMIBACICCgAoADgAGgwIABAAGAAgACgAOAAaACIA",
    object: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "d", namespace: "n", labels: { app: "d" } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "d" } },
        template: {
          metadata: { labels: { app: "d" } },
          spec: {
            containers: [{ name: "x", image: "x:1", ports: [{ containerPort: 80 }], resources: {} }],
          },
        },
        strategy: {},
      },
      status: {},
    },
  },
];

describe("decodeProtobuf", () => {
  it.each(BODIES)("reads $name", ({ body, object }) => {
    expect(decodeProtobuf(Buffer.from(body, "base64"))).toMatchObject(object);
  });

  it.each([
    { name: "without its magic bytes", body: Buffer.from("{}") },
    { name: "that ends too early", body: Buffer.from(BODIES[0]?.body ?? "", "base64").subarray(0, 20) },
  ])("refuses a body $name", ({ body }) => {
    expect(() => decodeProtobuf(body)).toThrow(
      expect.objectContaining({ status: expect.objectContaining({ code: 400 }) as unknown }),
    );
  });
});
