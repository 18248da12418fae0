import { describe, expect, it } from "vitest";
import { builtInKinds } from "./built-in-kinds.ts";
import { decodeObject } from "../decode/decode-object.ts";
import { defaultObject } from "../default-object.ts";

const kinds = builtInKinds();

function filled(plural: string, body: object): object {
  const kind = kinds.find((row) => row.plural === plural) ?? expect.fail();
  const decoded = decodeObject(kind, { metadata: { name: "x" }, ...body });
  const once = decoded.ok ? defaultObject(kind, decoded.value.object) : expect.fail(decoded.error);
  expect(defaultObject(kind, once)).toEqual(once);
  return once;
}

const podOf = (fields: object) => ({ spec: { containers: [{ name: "a", image: "x:1", ...fields }] } });

describe("defaultObject", () => {
  it("fills a Deployment", () => {
    expect(filled("deployments", { spec: { template: { spec: { containers: [] } } } })).toMatchObject({
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } },
        template: {
          spec: {
            restartPolicy: "Always",
            dnsPolicy: "ClusterFirst",
            terminationGracePeriodSeconds: 30,
            schedulerName: "default-scheduler",
            securityContext: {},
          },
        },
      },
    });
  });

  it.each([
    { image: "rating", policy: "Always" },
    { image: "rating:latest", policy: "Always" },
    { image: "rating:v1", policy: "IfNotPresent" },
    { image: "localhost:5000/rating", policy: "Always" },
    { image: "rating@sha256:abc", policy: "IfNotPresent" },
  ])("pulls $image $policy", ({ image, policy }) => {
    expect(filled("pods", podOf({ image }))).toMatchObject({
      spec: { containers: [{ imagePullPolicy: policy }] },
    });
  });

  it.each([
    {
      name: "probes",
      given: { readinessProbe: { httpGet: { port: 80 } } },
      expected: {
        readinessProbe: {
          httpGet: { port: 80, path: "/", scheme: "HTTP" },
          timeoutSeconds: 1,
          periodSeconds: 10,
          successThreshold: 1,
          failureThreshold: 3,
        },
      },
    },
    {
      name: "ports",
      given: { ports: [{ containerPort: 80 }] },
      expected: { ports: [{ containerPort: 80, protocol: "TCP" }] },
    },
    {
      name: "requests",
      given: { resources: { limits: { cpu: "1" } } },
      expected: { resources: { limits: { cpu: "1" }, requests: { cpu: "1" } } },
    },
    {
      name: "field references",
      given: { env: [{ name: "N", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      expected: {
        env: [{ name: "N", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } } }],
      },
    },
  ])("fills $name of a container", ({ given, expected }) => {
    expect(filled("pods", podOf(given))).toMatchObject({ spec: { containers: [expected] } });
  });

  it.each([
    { type: "ClusterIP", spec: { internalTrafficPolicy: "Cluster", sessionAffinity: "None" } },
    { type: "NodePort", spec: { externalTrafficPolicy: "Cluster" } },
    { type: "LoadBalancer", spec: { externalTrafficPolicy: "Cluster", allocateLoadBalancerNodePorts: true } },
  ])("fills a Service of type $type", ({ type, spec }) => {
    const ports = [{ port: 80, protocol: "TCP", targetPort: 80 }];
    expect(filled("services", { spec: { type, ports: [{ port: 80 }] } })).toMatchObject({
      spec: { ...spec, ports },
    });
  });

  it("turns a Secret's text into base64", () => {
    const secret = filled("secrets", { stringData: { a: "é" }, data: { b: "AAAA" } });
    expect(secret).toMatchObject({ type: "Opaque", data: { a: "w6k=", b: "AAAA" } });
    expect(secret).not.toHaveProperty("stringData");
  });

  it("labels a namespace with its name", () => {
    expect(filled("namespaces", {})).toMatchObject({
      metadata: { labels: { "kubernetes.io/metadata.name": "x" } },
    });
  });
});
