import type { ConfigMap, EnvVar, Pod, Secret } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { containerEnvironment, expandVariables } from "./environment.ts";

const pod: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-1", namespace: "shop", labels: { app: "web" } },
  spec: { containers: [] },
  status: { podIP: "127.16.0.2" },
};
const configMap: ConfigMap = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "conf" },
  data: { KEY: "value" },
};
const secret: Secret = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "key" },
  data: { PASSWORD: "c2VjcmV0" },
};
const sources = {
  pod,
  capacity: { cpus: 2, memoryBytes: 1024 },
  configMap: (name: string) => (name === "conf" ? configMap : undefined),
  secret: (name: string) => (name === "key" ? secret : undefined),
};

describe("containerEnvironment", () => {
  const from = (valueFrom: NonNullable<EnvVar["valueFrom"]>) => [{ name: "X", valueFrom }];
  it.each([
    {
      name: "a value with what stands before it",
      env: [
        { name: "A", value: "1" },
        { name: "X", value: "$(A)-$(BASE)" },
      ],
      x: "1-base",
    },
    { name: "a field", env: from({ fieldRef: { fieldPath: "status.podIP" } }), x: "127.16.0.2" },
    { name: "a label", env: from({ fieldRef: { fieldPath: "metadata.labels['app']" } }), x: "web" },
    {
      name: "a limit",
      env: from({ resourceFieldRef: { resource: "limits.memory", divisor: "1Mi" } }),
      x: "64",
    },
    {
      name: "the node's own where there is no limit",
      env: from({ resourceFieldRef: { resource: "limits.cpu" } }),
      x: "2",
    },
    { name: "a ConfigMap's key", env: from({ configMapKeyRef: { name: "conf", key: "KEY" } }), x: "value" },
    { name: "a Secret's key", env: from({ secretKeyRef: { name: "key", key: "PASSWORD" } }), x: "secret" },
    {
      name: "nothing for an optional key",
      env: from({ secretKeyRef: { name: "no", key: "k", optional: true } }),
      x: undefined,
    },
  ])("takes $name", ({ env, x }) => {
    const container = { name: "web", env, resources: { limits: { memory: "64Mi" } } };
    const result = containerEnvironment(container, { BASE: "base" }, sources);
    expect(result.ok && result.value["X"]).toBe(x);
  });

  it("takes whole objects with a prefix, below the variables of its own", () => {
    const container = {
      name: "web",
      envFrom: [{ configMapRef: { name: "conf" } }, { prefix: "S_", secretRef: { name: "key" } }],
      env: [{ name: "KEY", value: "own" }],
    };
    expect(containerEnvironment(container, {}, sources)).toEqual({
      ok: true,
      value: { KEY: "own", S_PASSWORD: "secret" },
    });
  });

  it.each([
    {
      name: "a missing ConfigMap",
      ref: { configMapKeyRef: { name: "no", key: "k" } },
      error: 'configmap "no" not found',
    },
    {
      name: "a missing key",
      ref: { secretKeyRef: { name: "key", key: "k" } },
      error: "couldn't find key k in secret key",
    },
    {
      name: "an unknown field",
      ref: { fieldRef: { fieldPath: "spec.x" } },
      error: 'unsupported fieldPath "spec.x"',
    },
  ])("names $name", ({ ref, error }) => {
    const container = { name: "web", env: [{ name: "X", valueFrom: ref }] };
    expect(containerEnvironment(container, {}, sources)).toEqual({ ok: false, error });
  });
});

describe("expandVariables", () => {
  it.each([
    { text: "$(A)b", expanded: "1b" },
    { text: "$(B)", expanded: "$(B)" },
    { text: "$$(A)", expanded: "$(A)" },
    { text: "$A", expanded: "$A" },
  ])("makes $expanded of $text", ({ text, expanded }) => {
    expect(expandVariables(text, { A: "1" })).toBe(expanded);
  });
});
