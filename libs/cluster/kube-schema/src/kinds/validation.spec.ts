import type { KubeObject } from "@bookmesh/kube-api";
import { validateObject } from "@bookmesh/kube-validation";
import { describeIssue } from "@bookmesh/kube-model";
import { builtInKinds } from "./built-in-kinds.ts";
import { describe, expect, it } from "vitest";
import { decodeObject } from "../decode/decode-object.ts";
import { defaultObject } from "../default-object.ts";

const kinds = builtInKinds();
const kindOf = (plural: string) => kinds.find((kind) => kind.plural === plural) ?? expect.fail();

function read(plural: string, body: object): KubeObject {
  const kind = kindOf(plural);
  const decoded = decodeObject(kind, { metadata: { name: "x" }, ...body });
  return decoded.ok ? defaultObject(kind, decoded.value.object) : expect.fail(decoded.error);
}

const issuesOf = (plural: string, body: object) =>
  validateObject(kindOf(plural), read(plural, body)).map(describeIssue);

const container = { name: "app", image: "rating:v1" };
const deployment = (spec: object = {}, pod: object = { containers: [container] }) => ({
  spec: {
    selector: { matchLabels: { app: "rating" } },
    template: { metadata: { labels: { app: "rating" } }, spec: pod },
    ...spec,
  },
});
const pod = (fields: object) => ({ spec: { containers: [{ ...container, ...fields }] } });
const service = (...ports: readonly object[]) => ({ spec: { ports } });

describe("validateObject", () => {
  it.each([
    { plural: "deployments", body: deployment() },
    { plural: "pods", body: pod({ ports: [{ containerPort: 8080, name: "http" }] }) },
    { plural: "services", body: service({ port: 80 }) },
    { plural: "secrets", body: { stringData: { key: "text" } } },
  ])("accepts a good one of $plural", ({ plural, body }) => {
    expect(issuesOf(plural, body)).toEqual([]);
  });

  it("tells everything that is wrong with a Deployment at once", () => {
    expect(issuesOf("deployments", { spec: { replicas: -1 } })).toEqual([
      "spec.replicas: Invalid value: -1: must be greater than or equal to 0",
      "spec.selector: Required value",
      "spec.template.metadata.labels: Invalid value: null: `selector` does not match template `labels`",
      "spec.template.spec.containers: Required value",
    ]);
  });

  it.each([
    {
      plural: "deployments",
      body: deployment({ selector: {} }),
      issue: "spec.selector: Invalid value: {}: empty selector is invalid for deployment",
    },
    {
      plural: "deployments",
      body: deployment({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
      issue:
        "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
    },
    {
      plural: "deployments",
      body: deployment({}, { containers: [container], restartPolicy: "Never" }),
      issue: 'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    },
    { plural: "pods", body: pod({ image: "" }), issue: "spec.containers[0].image: Required value" },
    {
      plural: "pods",
      body: pod({ ports: [{ containerPort: 70_000 }] }),
      issue:
        "spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive",
    },
    {
      plural: "pods",
      body: pod({ env: [{ name: "a=b" }] }),
      issue:
        "spec.containers[0].env[0].name: Invalid value: \"a=b\": a valid environment variable name must consist only of printable ASCII characters other than '='",
    },
    {
      plural: "pods",
      body: { spec: { containers: [container, container] } },
      issue: 'spec.containers[1].name: Duplicate value: "app"',
    },
    {
      plural: "pods",
      body: pod({ volumeMounts: [{ name: "nope", mountPath: "/a" }] }),
      issue: 'spec.containers[0].volumeMounts[0].name: Not found: "nope"',
    },
    {
      plural: "pods",
      body: pod({ resources: { requests: { cpu: "2" }, limits: { cpu: "1500m" } } }),
      issue:
        'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m',
    },
    { plural: "services", body: { spec: {} }, issue: "spec.ports: Required value" },
    {
      plural: "services",
      body: service({ port: 80, nodePort: 31_304 }),
      issue: "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    },
    {
      plural: "services",
      body: { spec: { type: "ExternalName" } },
      issue: "spec.externalName: Required value",
    },
    {
      plural: "namespaces",
      body: { metadata: { name: "a.b" } },
      issue: 'metadata.name: Invalid value: "a.b": must not contain dots',
    },
    {
      plural: "configmaps",
      body: { metadata: {} },
      issue: "metadata.name: Required value: name or generateName is required",
    },
    {
      plural: "secrets",
      body: { type: "kubernetes.io/tls", data: { "tls.crt": "AAAA" } },
      issue: "data[tls.key]: Required value",
    },
    {
      plural: "roles",
      body: { rules: [{ verbs: ["get"], apiGroups: [""] }] },
      issue: "rules[0].resources: Required value: resource rules must supply at least one resource",
    },
  ])("refuses in $plural: $issue", ({ plural, body, issue }) => {
    expect(issuesOf(plural, body)).toEqual([issue]);
  });

  it.each([
    { spec: { minAvailable: "50%", selector: {} }, issues: [] },
    {
      spec: { minAvailable: 1, maxUnavailable: 1 },
      issues: [
        'spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set',
      ],
    },
    {
      spec: { minAvailable: "120%" },
      issues: ['spec.minAvailable: Invalid value: "120%": must not be greater than 100%'],
    },
    {
      spec: { maxUnavailable: -1, unhealthyPodEvictionPolicy: "No" },
      issues: [
        "spec.maxUnavailable: Invalid value: -1: must be greater than or equal to 0",
        'spec.unhealthyPodEvictionPolicy: Unsupported value: "No": supported values: "AlwaysAllow", "IfHealthyBudget"',
      ],
    },
  ])("judges the disruption budget $spec", ({ spec, issues }) => {
    expect(issuesOf("poddisruptionbudgets", { spec })).toEqual(issues);
  });

  const changes = (plural: string, body: object, previous: object) =>
    validateObject(kindOf(plural), read(plural, body), read(plural, previous)).map(describeIssue);

  it("keeps a Deployment's selector", () => {
    const other = {
      selector: { matchLabels: { app: "other" } },
      template: { metadata: { labels: { app: "other" } }, spec: { containers: [container] } },
    };
    expect(changes("deployments", deployment(other), deployment())).toEqual([
      'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ]);
  });

  it("lets a pod change its image, and nothing else", () => {
    expect(changes("pods", pod({ image: "rating:v1" }), pod({ image: "rating:v0" }))).toEqual([]);
    expect(changes("pods", pod({ args: ["x"] }), pod({}))).toEqual([
      expect.stringMatching(
        /^spec: Forbidden: pod updates may not change fields other than `spec.containers/,
      ),
    ]);
  });

  it("gives a pod a node once", () => {
    const onNode = (nodeName: string) => ({ spec: { containers: [container], nodeName } });
    expect(changes("pods", onNode("a"), pod({}))).toEqual([]);
    expect(changes("pods", onNode("b"), onNode("a"))).toHaveLength(1);
  });

  it("keeps an immutable ConfigMap's data", () => {
    expect(
      changes("configmaps", { immutable: true, data: { a: "2" } }, { immutable: true, data: { a: "1" } }),
    ).toEqual(["data: Forbidden: field is immutable when `immutable` is set"]);
  });
});
