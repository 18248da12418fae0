import { X509Certificate } from "node:crypto";
import { refusal, type FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { request } from "node:https";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RESOURCES, type AdmissionReview, type ConfigMap, type KubeObject } from "@bookmesh/kube-api";
import { eventually } from "@bookmesh/testkit";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { AdsClient, BOOK_NODE, behaveAsSidecar } from "./testing/ads-client.ts";
import { BOOK_TOKEN, bookshop, endpoints, service } from "./testing/bookshop.ts";
import { testDiscovery, type TestDiscovery } from "./testing/test-discovery.ts";

const SYSTEM = "istio-system";
let api: FakeKubeApi;
let discovery: TestDiscovery;
const clients: AdsClient[] = [];

beforeEach(async () => {
  api = bookshop();
  discovery = await testDiscovery(api);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await discovery.end();
});

function rootPem(namespace = SYSTEM): string {
  const map = api.read(RESOURCES.configMaps, { namespace, name: "istio-ca-root-cert" });
  return (map as ConfigMap | undefined)?.data?.["root-cert.pem"] ?? "";
}

async function connect(token: string | undefined = BOOK_TOKEN): Promise<AdsClient> {
  await eventually(() => expect(rootPem()).toContain("BEGIN CERTIFICATE"));
  const options = { port: discovery.xdsPort, rootPem: rootPem(), ...(token !== "" && { token }) };
  const client = new AdsClient(options);
  clients.push(client);
  return client;
}

const typesOf = (client: AdsClient) => client.received.map(({ typeUrl }) => typeUrl.split(".").at(-1));

async function page(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${discovery.monitoringPort}${path}`);
}

async function syncedNonces(): Promise<Record<string, unknown>> {
  const [status] = (await (await page("/debug/syncz")).json()) as Record<string, unknown>[];
  return status ?? {};
}

describe("discovery over ADS", () => {
  it("serves clusters, endpoints, listeners and routes, in this order", async () => {
    const client = await connect();
    behaveAsSidecar(client);
    await eventually(() => expect(typesOf(client)).toHaveLength(4));
    expect(typesOf(client)).toEqual(["Cluster", "ClusterLoadAssignment", "Listener", "RouteConfiguration"]);
    await eventually(async () => {
      const status = await syncedNonces();
      expect(status["proxy"]).toBe("book-1.default");
      expect(status["route_acked"]).toBe(status["route_sent"]);
      expect(status["route_sent"]).toBeDefined();
    });
  });

  it("sends only endpoints when only endpoints change", async () => {
    const client = await connect();
    behaveAsSidecar(client);
    await eventually(() => expect(client.received).toHaveLength(4));
    api.put(RESOURCES.endpointSlices, endpoints("rating", "127.16.0.99"));
    await eventually(() => expect(client.received).toHaveLength(5));
    expect(typesOf(client).at(-1)).toBe("ClusterLoadAssignment");
  });

  it("makes before it breaks: a removed service's cluster goes after its route", async () => {
    const client = await connect();
    behaveAsSidecar(client);
    await eventually(() => expect(client.received).toHaveLength(4));
    const before = client.received[0]?.resources.length ?? 0;
    api.remove(RESOURCES.services, { namespace: "default", name: "rating" });
    await eventually(() => expect(typesOf(client).slice(-2)).toEqual(["RouteConfiguration", "Cluster"]));
    expect(client.received.at(-1)?.resources.length).toBeLessThan(before);
  });

  it.each([
    { name: "no token", token: "", node: BOOK_NODE, reason: "authorization" },
    { name: "an unknown token", token: "forged", node: BOOK_NODE, reason: "not valid" },
    {
      name: "another pod's node id",
      token: BOOK_TOKEN,
      node: { ...BOOK_NODE, id: "sidecar~127.16.0.11~rating-1.default~default.svc.cluster.local" },
      reason: 'of pod "book-1"',
    },
    {
      name: "another namespace",
      token: BOOK_TOKEN,
      node: { ...BOOK_NODE, id: "sidecar~127.16.0.11~book-1.kube-system~kube-system.svc.cluster.local" },
      reason: 'of namespace "default"',
    },
    {
      name: "another service account",
      token: BOOK_TOKEN,
      node: { ...BOOK_NODE, metadata: { SERVICE_ACCOUNT: "admin" } },
      reason: 'of service account "default"',
    },
  ])("refuses $name as unauthenticated", async ({ token, node, reason }) => {
    const client = await connect(token);
    client.send({ node, typeUrl: TYPE_URLS.cluster });
    await eventually(() => expect(client.ended).toMatchObject({ code: 16 }));
    expect(String(client.ended)).toContain(reason);
    expect(client.received).toEqual([]);
  });

  it("asks a caller to come again while no token can be reviewed", async () => {
    api.onCreate(RESOURCES.tokenReviews, () => Promise.reject(refusal(500, "InternalError", "away")));
    const client = await connect();
    client.send({ node: BOOK_NODE, typeUrl: TYPE_URLS.cluster });
    await eventually(() => expect(client.ended).toMatchObject({ code: 14 }));
  });

  it("answers istioctl's question how far each proxy is", async () => {
    const sidecar = await connect();
    behaveAsSidecar(sidecar);
    await eventually(() => expect(sidecar.received).toHaveLength(4));
    const tool = await connect();
    tool.send({
      node: { id: "sidecar~~test-1.default~default.svc.cluster.local", metadata: { GENERATOR: "event" } },
      typeUrl: "istio.io/debug/syncz",
      responseNonce: "2026-01-01",
    });
    await eventually(() => expect(tool.received).toHaveLength(1));
    expect(tool.received[0]?.resources[0]?.typeUrl).toContain("envoy.service.status.v3.ClientConfig");
    expect(tool.received[0]?.controlPlane?.identifier).toContain('"ID":"istiod-1"');
  });

  it("ends its streams when it stops", async () => {
    const client = await connect();
    behaveAsSidecar(client);
    await eventually(() => expect(client.received).toHaveLength(4));
    await discovery.stop();
    await eventually(() => expect(client.ended).toBe("ended"));
    discovery = await testDiscovery(api);
  });
});

describe("discovery's trust", () => {
  it("keeps one root for all istiods, and puts it into every namespace", async () => {
    await eventually(() => expect(rootPem("default")).toContain("BEGIN CERTIFICATE"));
    const other = await testDiscovery(api);
    api.put(RESOURCES.namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name: "late" } });
    await eventually(() => expect(rootPem("late")).toBe(rootPem("default")));
    await other.end();
    expect(new X509Certificate(rootPem("late")).ca).toBe(true);
  });

  it("puts a changed root right again", async () => {
    await eventually(() => expect(rootPem("default")).toContain("BEGIN CERTIFICATE"));
    const good = rootPem("default");
    const map = api.read(RESOURCES.configMaps, { namespace: "default", name: "istio-ca-root-cert" });
    if (map) api.put(RESOURCES.configMaps, { ...map, data: { "root-cert.pem": "tampered" } });
    await eventually(() => expect(rootPem("default")).toBe(good));
  });

  it("writes its root into webhooks and lets validation fail closed only after it was seen to answer", async () => {
    const key = { name: "istio-validator-istio-system" };
    api.onCreate(RESOURCES.virtualServices, (object) => object);
    api.put(RESOURCES.validatingWebhookConfigurations, validatingConfiguration());
    const first = () => api.read(RESOURCES.validatingWebhookConfigurations, key)?.["webhooks"];
    await eventually(() =>
      expect(first()).toMatchObject([
        { clientConfig: { caBundle: Buffer.from(rootPem()).toString("base64") }, failurePolicy: "Ignore" },
      ]),
    );
    api.onCreate(RESOURCES.virtualServices, () => {
      throw refusal(400, "BadRequest", 'admission webhook "rev.validation.istio.io" denied the request: no');
    });
    await eventually(() => expect(first()).toMatchObject([{ failurePolicy: "Fail" }]));
  });
});

function validatingConfiguration(): KubeObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "istio-validator-istio-system" },
    webhooks: [
      {
        name: "rev.validation.istio.io",
        clientConfig: { service: { namespace: SYSTEM, name: "istiod", path: "/validate" } },
        failurePolicy: "Ignore",
        sideEffects: "None",
        admissionReviewVersions: ["v1"],
      },
    ],
  };
}

describe("discovery's webhooks", () => {
  async function review(path: string, object: KubeObject): Promise<AdmissionReview["response"]> {
    await eventually(() => expect(rootPem()).toContain("BEGIN CERTIFICATE"));
    const body: AdmissionReview = {
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      request: {
        uid: "u1",
        kind: { group: "", version: "v1", kind: object.kind },
        resource: { group: "", version: "v1", resource: "" },
        namespace: "default",
        operation: "CREATE",
        userInfo: {},
        object,
        oldObject: null,
      },
    };
    const options = { host: "127.0.0.1", port: discovery.webhookPort, path, method: "POST", agent: false };
    const tls = { ca: rootPem(), servername: "istiod.istio-system.svc", rejectUnauthorized: true };
    return new Promise((resolve, reject) => {
      const call = request({ ...options, ...tls }, (response) => {
        json(response).then((answer) => resolve((answer as AdmissionReview).response), reject);
      });
      call.on("error", reject);
      call.end(JSON.stringify(body));
    });
  }

  it("injects a sidecar into a pod", async () => {
    const spec = { containers: [{ name: "book", image: "book" }] };
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "book-2" }, spec };
    const answer = await review("/inject", pod);
    expect(answer).toMatchObject({ uid: "u1", allowed: true, patchType: "JSONPatch" });
    expect(Buffer.from(answer?.patch ?? "", "base64").toString()).toContain('"name":"istio-proxy"');
  });

  it("refuses a rule with a negative weight, naming it and the field", async () => {
    const answer = await review("/validate", virtualService(-1));
    expect(answer?.allowed).toBe(false);
    expect(answer?.status).toEqual({
      code: 400,
      message:
        'configuration is invalid: VirtualService "rating": spec.http[0].route[0].weight: must not be negative',
    });
  });

  it("warns of a host that is not there", async () => {
    const rule = virtualService(100);
    const answer = await review("/validate", {
      ...rule,
      spec: { hosts: ["rating"], http: [{ route: [{ destination: { host: "nobody" } }] }] },
    });
    expect(answer).toMatchObject({ allowed: true });
    expect(answer?.warnings?.join()).toContain("nobody");
  });

  it("lets a good rule pass", async () => {
    expect(await review("/validate", virtualService(100))).toMatchObject({ allowed: true });
  });
});

function virtualService(weight: number): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "rating", namespace: "default" },
    spec: { hosts: ["rating"], http: [{ route: [{ destination: { host: "rating" }, weight }] }] },
  };
}

describe("discovery's debug port", () => {
  it.each([
    { path: "/ready", status: 200, text: "" },
    { path: "/version", status: 200, text: "0.1.0-default-Clean" },
    { path: "/metrics", status: 200, text: "pilot_xds 0" },
    { path: "/debug/config_dump?proxyID=nobody.default", status: 404, text: "not connected" },
    { path: "/nothing", status: 404, text: "no page" },
  ])("answers $path with $status", async ({ path, status, text }) => {
    const response = await page(path);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });

  it("dumps what a proxy should have", async () => {
    const client = await connect();
    behaveAsSidecar(client);
    api.put(RESOURCES.services, service("book"));
    await eventually(async () => {
      const dump = await (await page("/debug/config_dump?proxyID=book-1.default")).text();
      expect(dump).toContain("outbound|8080||rating.default.svc.cluster.local");
    });
  });
});
