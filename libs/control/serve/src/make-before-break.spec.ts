import type { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fromBinary } from "@bufbuild/protobuf";
import { RESOURCES, type ConfigMap, type KubeObject } from "@bookmesh/kube-api";
import { eventually } from "@bookmesh/testkit";
import { ClusterSchema, TYPE_URLS, type DiscoveryResponse } from "@bookmesh/xds-api";
import { AdsClient, behaveAsSidecar } from "./testing/ads-client.ts";
import { BOOK_TOKEN, bookshop } from "./testing/bookshop.ts";
import { testDiscovery, type TestDiscovery } from "./testing/test-discovery.ts";

const V1 = "outbound|8080|v1|rating.default.svc.cluster.local";
const V2 = "outbound|8080|v2|rating.default.svc.cluster.local";

let api: FakeKubeApi;
let discovery: TestDiscovery;
let sidecar: AdsClient;

beforeEach(async () => {
  api = bookshop();
  api.put(RESOURCES.destinationRules, subsets("v1", "v2"));
  api.put(RESOURCES.virtualServices, routeTo("v1"));
  discovery = await testDiscovery(api);
  const key = { namespace: "default", name: "istio-ca-root-cert" };
  const rootPem = () =>
    (api.read(RESOURCES.configMaps, key) as ConfigMap | undefined)?.data?.["root-cert.pem"];
  await eventually(() => expect(rootPem()).toBeDefined());
  sidecar = new AdsClient({ port: discovery.xdsPort, rootPem: rootPem() ?? "", token: BOOK_TOKEN });
});
afterEach(async () => {
  sidecar.close();
  await discovery.end();
});

describe("a subset that goes together with its route", () => {
  it("stays in the clusters until the new route is accepted", async () => {
    behaveAsSidecar(sidecar);
    await eventually(() => expect(sidecar.received).toHaveLength(4));
    moveToV2();
    await eventually(() => expect(subsetsIn(lastOf(TYPE_URLS.cluster))).toEqual([V2]));
    const since = sidecar.received.slice(4);
    const whileRouted = since.slice(0, since.findIndex(isOf(TYPE_URLS.route)));
    expect(whileRouted.filter(isOf(TYPE_URLS.cluster)).map(subsetsIn)).not.toContainEqual([V2]);
    expect(since.slice(-2).map(({ typeUrl }) => typeUrl)).toEqual([TYPE_URLS.route, TYPE_URLS.cluster]);
  });

  it("stays for good where the route is refused, and /debug/syncz says why", async () => {
    const reason = "http_proxy.virtual_hosts[0].routes[0]: not that";
    let stubborn = false;
    behaveAsSidecar(sidecar, (response) =>
      stubborn && isOf(TYPE_URLS.route)(response) ? reason : undefined,
    );
    await eventually(() => expect(sidecar.received).toHaveLength(4));
    stubborn = true;
    moveToV2();
    await eventually(async () => expect(await syncz()).toMatchObject([{ resources: refusedRoute(reason) }]));
    expect(subsetsIn(lastOf(TYPE_URLS.cluster))).toContain(V1);
    expect(await (await page("/metrics")).text()).toContain('pilot_total_xds_rejects{type="rds"} 1');
    const [status] = await syncz();
    expect(status?.["route_acked"]).not.toBe(status?.["route_sent"]);
  });
});

/** Two objects, one change: istiod gathers what comes at once. */
function moveToV2(): void {
  api.put(RESOURCES.destinationRules, subsets("v2"));
  api.put(RESOURCES.virtualServices, routeTo("v2"));
}

function refusedRoute(reason: string): object {
  return { [TYPE_URLS.route]: { lastError: reason } };
}

function page(path: string): Promise<Response> {
  return fetch(`http://127.0.0.1:${discovery.monitoringPort}${path}`);
}

async function syncz(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await (await page("/debug/syncz")).json()) as readonly Readonly<Record<string, unknown>>[];
}

function isOf(wanted: string): (response: DiscoveryResponse) => boolean {
  return ({ typeUrl }) => typeUrl === wanted;
}

function lastOf(typeUrl: string): DiscoveryResponse | undefined {
  return sidecar.received.findLast(isOf(typeUrl));
}

function subsetsIn(response: DiscoveryResponse | undefined): readonly string[] {
  const names = response?.resources.map(({ value }) => fromBinary(ClusterSchema, value).name) ?? [];
  return names.filter((name) => name === V1 || name === V2).sort();
}

function subsets(...names: readonly string[]): KubeObject {
  return {
    ...{ apiVersion: "networking.istio.io/v1", kind: "DestinationRule" },
    metadata: { name: "rating", namespace: "default" },
    spec: { host: "rating", subsets: names.map((name) => ({ name, labels: { app: "rating" } })) },
  };
}

function routeTo(subset: string): KubeObject {
  return {
    ...{ apiVersion: "networking.istio.io/v1", kind: "VirtualService" },
    metadata: { name: "rating", namespace: "default" },
    spec: { hosts: ["rating"], http: [{ route: [{ destination: { host: "rating", subset } }] }] },
  };
}
