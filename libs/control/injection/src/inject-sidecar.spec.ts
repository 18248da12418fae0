import { stringify } from "yaml";
import { describe, expect, it } from "vitest";
import type { Container, Pod } from "@bookmesh/kube-api";
import { meshConfigSchema } from "@bookmesh/mesh-api";
import { injectSidecar, type Injection, type InjectionSettings } from "./inject-sidecar.ts";
import { DEFAULT_INJECTOR_VALUES } from "./injector-values.ts";

const LAPTOP = meshConfigSchema.parse({
  defaultConfig: {
    interceptionMode: "NONE",
    proxyMetadata: { APPLICATION_ADDRESS_OFFSET: "0.128.0.0" },
  },
});

const KUBERNETES = meshConfigSchema.parse({});

const settings: InjectionSettings = {
  namespace: "default",
  systemNamespace: "istio-system",
  meshConfig: LAPTOP,
  values: DEFAULT_INJECTOR_VALUES,
  clusterId: "Kubernetes",
  revision: "default",
  version: "0.1.0",
};

function inject(pod: Pod, change: Partial<InjectionSettings> = {}): Pod {
  const injection = injectSidecar(pod, { ...settings, ...change });
  if (injection.outcome !== "injected") throw new Error(JSON.stringify(injection));
  return injection.pod;
}

function outcomeOf(pod: Pod, change: Partial<InjectionSettings> = {}): Injection {
  return injectSidecar(pod, { ...settings, ...change });
}

function podOf(container: Partial<Container> = {}, metadata: Partial<Pod["metadata"]> = {}): Pod {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "app-1", ...metadata },
    spec: { containers: [{ name: "app", image: "app:1", ...container }] },
  };
}

/** The pod that the article's Deployment of rating v2 makes. */
const RATING_V2: Pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "",
    generateName: "rating-service-v2-6c9f8c7d5-",
    labels: {
      "app.kubernetes.io/name": "rating-service",
      "app.kubernetes.io/version": "v2.0.0",
      "pod-template-hash": "6c9f8c7d5",
    },
    ownerReferences: [
      {
        apiVersion: "apps/v1",
        kind: "ReplicaSet",
        name: "rating-service-v2-6c9f8c7d5",
        uid: "u",
        controller: true,
      },
    ],
  },
  spec: {
    containers: [
      {
        name: "rating-service",
        image: "quay.io/lordofthejars/rating-service:v2.0.0",
        imagePullPolicy: "IfNotPresent",
        env: [{ name: "KUBERNETES_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
        ports: [{ containerPort: 8_080, name: "http", protocol: "TCP" }],
        livenessProbe: { httpGet: { path: "/health/live", port: "http" }, periodSeconds: 10 },
        readinessProbe: { httpGet: { path: "/health/ready", port: 8_080 }, timeoutSeconds: 3 },
      },
    ],
  },
};

describe("injectSidecar", () => {
  it.each([
    { name: "rating-v2.laptop", change: {} },
    { name: "rating-v2.classic", change: { meshConfig: KUBERNETES } },
    {
      name: "rating-v2.native",
      change: {
        meshConfig: KUBERNETES,
        values: {
          ...DEFAULT_INJECTOR_VALUES,
          nativeSidecars: true,
          imageOverrides: {
            "quay.io/lordofthejars/rating-service:v2.0.0": "bookmesh/rating-service:v2.0.0",
          },
        },
      },
    },
  ])("makes of the article's pod what golden/$name.yaml says", async ({ name, change }) => {
    await expect(stringify(inject(RATING_V2, change), { aliasDuplicateObjects: false })).toMatchFileSnapshot(
      `./golden/${name}.yaml`,
    );
  });

  it.each([
    { name: "the annotation", pod: podOf({}, { annotations: { "sidecar.istio.io/inject": "false" } }) },
    { name: "the label", pod: podOf({}, { labels: { "sidecar.istio.io/inject": "false" } }) },
    {
      name: "the label against the annotation",
      pod: podOf(
        {},
        {
          labels: { "sidecar.istio.io/inject": "false" },
          annotations: { "sidecar.istio.io/inject": "true" },
        },
      ),
    },
    {
      name: "its node's network",
      pod: { ...podOf(), spec: { ...podOf().spec, hostNetwork: true } },
      isSurprising: true,
    },
    { name: "a container of the sidecar's name", pod: podOf({ name: "istio-proxy" }) },
    {
      name: "the mesh's own namespace",
      pod: podOf(),
      change: { namespace: "istio-system" },
      isSurprising: true,
    },
    {
      name: "a namespace of Kubernetes",
      pod: podOf(),
      change: { namespace: "kube-system" },
      isSurprising: true,
    },
    {
      name: "neverInjectSelector",
      pod: podOf({}, { labels: { job: "build" } }),
      change: {
        values: {
          ...DEFAULT_INJECTOR_VALUES,
          neverInjectSelector: [{ matchExpressions: [{ key: "job", operator: "Exists" as const }] }],
        },
      },
    },
  ])("leaves a pod alone for $name", ({ pod, change = {}, isSurprising = false }) => {
    expect(outcomeOf(pod, change)).toMatchObject({ outcome: "skipped", isSurprising });
  });

  it("lets a pod ask against neverInjectSelector", () => {
    const values = { ...DEFAULT_INJECTOR_VALUES, neverInjectSelector: [{ matchLabels: { a: "b" } }] };
    const labels = { a: "b", "sidecar.istio.io/inject": "true" };
    expect(outcomeOf(podOf({}, { labels }), { values }).outcome).toBe("injected");
  });

  it.each([{ nativeSidecars: false }, { nativeSidecars: true }])(
    "changes nothing the second time (native: $nativeSidecars)",
    (choice) => {
      const values = { ...DEFAULT_INJECTOR_VALUES, ...choice };
      const once = inject(RATING_V2, { values });
      expect(outcomeOf(once, { values })).toMatchObject({ outcome: "skipped", isSurprising: false });
    },
  );

  it("leaves the containers' order, and puts the sidecar last where nothing waits for it", () => {
    const pod = podOf();
    const second = { name: "second", image: "second:1" };
    const injected = inject({ ...pod, spec: { containers: [...pod.spec.containers, second] } });
    expect(injected.spec.containers.map(({ name }) => name)).toEqual(["app", "second", "istio-proxy"]);
  });

  it("changes nothing of an application whose connections are redirected, but for its end", () => {
    const pod = podOf({}, { annotations: { "sidecar.istio.io/interceptionMode": "REDIRECT" } });
    expect(inject(pod).spec.containers[1]).toEqual({
      ...pod.spec.containers[0],
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
    });
  });

  it.each([
    { native: true, inits: ["istio-init", "istio-proxy", "migrate"], containers: ["app"] },
    { native: false, inits: ["migrate", "istio-init"], containers: ["istio-proxy", "app"] },
  ])("orders the containers, so that all are served (native: $native)", ({ native, inits, containers }) => {
    const pod = podOf();
    const spec = { ...pod.spec, initContainers: [{ name: "migrate", image: "migrate:1" }] };
    const values = { ...DEFAULT_INJECTOR_VALUES, nativeSidecars: native };
    const injected = inject({ ...pod, spec }, { meshConfig: KUBERNETES, values });
    expect(injected.spec.initContainers?.map(({ name }) => name)).toEqual(inits);
    expect(injected.spec.containers.map(({ name }) => name)).toEqual(containers);
    expect(injected.metadata.annotations).toMatchObject({ "kubectl.kubernetes.io/default-container": "app" });
  });

  it("gives a Job's pod a sidecar that ends with it", () => {
    const owner = { apiVersion: "batch/v1", kind: "Job", name: "report", uid: "u", controller: true };
    const injected = inject(podOf({}, { ownerReferences: [owner] }));
    expect(injected.spec.initContainers?.map(({ name }) => name)).toEqual(["istio-proxy"]);
  });

  it("says which annotations of a pod cannot be used, all at once", () => {
    const annotations = {
      "sidecar.istio.io/proxyCPU": "much",
      "traffic.sidecar.istio.io/excludeOutboundPorts": "http",
    };
    expect(outcomeOf(podOf({}, { annotations }))).toEqual({
      outcome: "refused",
      problem: expect.stringMatching(/excludeOutboundPorts.*proxyCPU/) as string,
    });
  });

  it("hands the application's own scraping to the sidecar", () => {
    const annotations = {
      "prometheus.io/port": "9100",
      "prometheus.io/path": "/m",
      "prometheus.io/scrape": "true",
    };
    const injected = inject(podOf({}, { annotations }));
    expect(injected.metadata.annotations).toMatchObject({ "prometheus.io/port": "15020" });
    const env = injected.spec.containers.at(-1)?.env;
    expect(env?.find(({ name }) => name === "ISTIO_PROMETHEUS_ANNOTATIONS")?.value).toBe(
      '{"scrape":"true","path":"/m","port":"9100"}',
    );
  });

  it.each([
    { name: "waits before SIGTERM", spec: {}, container: {}, preStop: { sleep: { seconds: 5 } } },
    {
      name: "has decided for itself",
      spec: {},
      container: { lifecycle: { preStop: { exec: { command: ["x"] } } } },
      preStop: { exec: { command: ["x"] } },
    },
    {
      name: "has little time",
      spec: { terminationGracePeriodSeconds: 10 },
      container: {},
      preStop: undefined,
    },
  ])("an application that $name", ({ spec, container, preStop }) => {
    const pod = podOf(container);
    const injected = inject(
      { ...pod, spec: { ...pod.spec, ...spec } },
      { meshConfig: meshConfigSchema.parse({}) },
    );
    const application = injected.spec.containers.find(({ name }) => name === "app");
    expect(application?.lifecycle?.preStop).toEqual(preStop);
  });
});
