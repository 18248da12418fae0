import { describe, expect, it } from "vitest";
import { findingsOf, RATING } from "./testing/findings-of.ts";

const RUNNING = "uid: 7, name: book-1, namespace: default";

function pod(metadata: string, spec = "containers: [{ name: app }]"): string {
  return `{ apiVersion: v1, kind: Pod, metadata: { ${metadata} }, spec: { ${spec} } }`;
}

function service(name: string, spec: string, metadata = ""): string {
  return `{ apiVersion: v1, kind: Service, metadata: { name: ${name}, ${metadata} }, spec: { ${spec} } }`;
}

function namespace(labels: string, name = "shop"): string {
  return `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name}, labels: { ${labels} } } }`;
}

describe("objects of Kubernetes", () => {
  it.each([
    { name: "a namespace with sidecars", yaml: namespace("istio-injection: enabled") },
    { name: "a namespace without", yaml: namespace("istio-injection: disabled") },
    { name: "a namespace of a revision", yaml: namespace("istio.io/rev: default") },
    { name: "Kubernetes' own namespaces", yaml: namespace("", "kube-system") },
    { name: "a pod that was never created", yaml: pod("name: book") },
    { name: "a pod with a sidecar", yaml: pod(RUNNING, "containers: [{ name: istio-proxy }]") },
    {
      name: "a pod with a native sidecar",
      yaml: pod(RUNNING, "containers: [{ name: app }], initContainers: [{ name: istio-proxy }]"),
    },
    { name: "a pod that opted out", yaml: pod(`${RUNNING}, labels: { sidecar.istio.io/inject: "false" }`) },
    {
      name: "an annotation of a pod",
      yaml: pod('name: book, annotations: { sidecar.istio.io/proxyCPU: "1" }'),
    },
    {
      name: "the sidecar's user where there are no sidecars",
      yaml: pod(
        "name: istiod, namespace: istio-system",
        "containers: [{ name: discovery, securityContext: { runAsUser: 1337 } }]",
      ),
    },
    { name: "what the injector writes", yaml: pod("name: book, annotations: { istio.io/rev: default }") },
    { name: "an annotation of somebody else", yaml: pod("name: book, annotations: { example.com/a: b }") },
    {
      name: "an annotation of a service",
      yaml: service("a", "ports: []", 'annotations: { networking.istio.io/exportTo: "." }'),
    },
    {
      name: "ports with protocols",
      yaml: service("a", "ports: [{ name: http-web, port: 80 }, { port: 81, appProtocol: tcp, name: x }]"),
    },
    {
      name: "another port of the same pods",
      yaml: service("a", "selector: { app: rating }, ports: [{ name: tcp, port: 9000, targetPort: 9000 }]"),
    },
    {
      name: "a kind that nobody knows",
      yaml: "{ apiVersion: example.com/v1, kind: Service, metadata: { name: a }, spec: 7 }",
    },
  ])("are silent: $name", ({ yaml }) => {
    expect(findingsOf(`${RATING}\n---\n${yaml}`)).toEqual([]);
  });

  it.each([
    {
      name: "a namespace that says nothing",
      yaml: namespace(""),
      finding:
        'Info IST0102 Namespace/shop metadata.labels: does not say whether pods get sidecars: run "kubectl label namespace shop istio-injection=enabled", or istio-injection=disabled',
    },
    {
      name: "a namespace that says it twice",
      yaml: namespace("istio-injection: enabled, istio.io/rev: default"),
      finding:
        "Warning IST0123 Namespace/shop metadata.labels: has both of istio-injection and istio.io/rev: keep one of them",
    },
    {
      name: "a pod without its sidecar",
      yaml: pod(RUNNING),
      finding:
        "Warning IST0103 Pod/book-1 metadata.name: has no sidecar although its namespace asks for one: restart its workload, so that it gets one",
    },
    {
      name: "an annotation that nobody knows",
      yaml: pod('name: book, annotations: { sidecar.istio.io/proxyCpu: "1" }'),
      finding:
        "Warning IST0108 Pod/book metadata.annotations.sidecar.istio.io/proxyCpu: is not known and changes nothing",
    },
    {
      name: "an annotation of pods at a service",
      yaml: service("a", "ports: []", 'annotations: { sidecar.istio.io/inject: "true" }'),
      finding:
        "Warning IST0107 Service/a metadata.annotations.sidecar.istio.io/inject: means nothing at a Service, but at a Pod (of a workload: in its pod template)",
    },
    {
      name: "an annotation with a bad value",
      yaml: pod("name: book, annotations: { sidecar.istio.io/proxyCPU: much }"),
      finding:
        'Warning IST0125 Pod/book metadata.annotations: cannot be used: Annotation sidecar.istio.io/proxyCPU is "much", which is no quantity such as 100m or 128Mi.',
    },
    {
      name: "the sidecar's user",
      yaml: pod("name: book", "containers: [{ name: app, securityContext: { runAsUser: 1337 } }]"),
      finding:
        "Warning IST0144 Pod/book spec.containers[0].securityContext.runAsUser: is 1337, the sidecar's: connections of this user are never redirected",
    },
    {
      name: "a port without a protocol",
      yaml: service("a", "ports: [{ name: web, port: 80 }]"),
      finding:
        'Info IST0118 Service/a spec.ports[0]: is named "web", which says no protocol: sidecars find out from the first bytes whether port 80 speaks HTTP; name it "http" or "tcp", or begin the name so',
    },
    {
      name: "a port by two protocols",
      yaml: service("a", "selector: { app: rating }, ports: [{ name: dns, port: 8080, protocol: UDP }]"),
      finding:
        "Warning IST0116 Deployment/rating-v1 metadata.name: has port 8080 as TCP and UDP, by default/rating and default/a",
    },
    {
      name: "a pod's port by two ports",
      yaml: service("a", "selector: { app: rating }, ports: [{ name: http, port: 80, targetPort: 8080 }]"),
      finding:
        "Warning IST0137 Deployment/rating-v1 metadata.name: has its port 8080 as 8080 and 80, by default/rating and default/a",
    },
    {
      name: "a wrong type",
      yaml: service("a", "ports: [{ name: http, port: eighty }]"),
      finding: "Error IST0106 Service/a spec.ports[0].port: must be of type number",
    },
    {
      name: "a label that is no text",
      yaml: pod("name: book, labels: { version: 1 }"),
      finding: "Error IST0106 Pod/book metadata.labels.version: must be of type string",
    },
  ])("are named: $name", ({ yaml, finding }) => {
    expect(findingsOf(`${RATING}\n---\n${yaml}`)).toEqual([finding]);
  });
});
