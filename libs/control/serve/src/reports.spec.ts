import type { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AdsClient, behaveAsSidecar } from "./testing/ads-client.ts";
import { BOOK_TOKEN, bookshop } from "./testing/bookshop.ts";
import { testDiscovery, type TestDiscovery } from "./testing/test-discovery.ts";
import { RESOURCES, type ConfigMap, type KubeObject } from "@bookmesh/kube-api";
import { eventually } from "@bookmesh/testkit";
import { TYPE_URLS } from "@bookmesh/xds-api";

const NAMESPACE = "default";
const TO_RATING = { destination: { host: "rating" } } as const;
let api: FakeKubeApi;
let discovery: TestDiscovery;

beforeEach(async () => {
  api = bookshop();
  api.put(RESOURCES.virtualServices, rule("good", "rating", TO_RATING));
  api.put(RESOURCES.virtualServices, rule("lost", "nobody", TO_RATING));
  api.put(RESOURCES.virtualServices, rule("bad", "book", { ...TO_RATING, weight: -1 }));
  discovery = await testDiscovery(api);
});
afterEach(() => discovery.end());

function rule(name: string, host: string, destination: object): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace: NAMESPACE, generation: 1, uid: `uid-of-${name}` },
    spec: { hosts: [host], http: [{ route: [destination] }] },
  };
}

function conditionOf(name: string): unknown {
  const object = api.read(RESOURCES.virtualServices, { namespace: NAMESPACE, name });
  return (object?.["status"] as { readonly conditions?: readonly unknown[] } | undefined)?.conditions?.[0];
}

async function events(): Promise<readonly KubeObject[]> {
  return (await api.client().list(RESOURCES.events)).items;
}

describe("a leading istiod", () => {
  it("tells in each rule's status what became of it, and of the refused one by an event", async () => {
    await eventually(() => {
      expect(conditionOf("good")).toMatchObject({ status: "True", reason: "Accepted" });
      expect(conditionOf("lost")).toMatchObject({ status: "True", reason: "ReferencesMissing" });
      expect(conditionOf("bad")).toMatchObject({ status: "False", reason: "Invalid" });
    });
    await eventually(async () =>
      expect(await events()).toMatchObject([
        { reason: "Rejected", involvedObject: { kind: "VirtualService", name: "bad", uid: "uid-of-bad" } },
      ]),
    );
  });

  it("takes it back when the rule is put right", async () => {
    await eventually(() => expect(conditionOf("bad")).toMatchObject({ status: "False" }));
    api.put(RESOURCES.virtualServices, rule("bad", "book", TO_RATING));
    await eventually(() => expect(conditionOf("bad")).toMatchObject({ status: "True", reason: "Accepted" }));
  });
});

describe("any istiod", () => {
  it("tells by an event at its pod what a proxy refused", async () => {
    const key = { namespace: NAMESPACE, name: "istio-ca-root-cert" };
    const rootPem = await eventually(() => {
      const map = api.read(RESOURCES.configMaps, key) as ConfigMap | undefined;
      expect(map).toBeDefined();
      return map?.data?.["root-cert.pem"] ?? "";
    });
    const client = new AdsClient({ port: discovery.xdsPort, rootPem, token: BOOK_TOKEN });
    behaveAsSidecar(client, ({ typeUrl }) => (typeUrl === TYPE_URLS.route ? "no such thing" : undefined));
    await eventually(async () => {
      const [event] = (await events()).filter(({ reason }) => reason === "ConfigurationRejected");
      expect(event).toMatchObject({ type: "Warning", involvedObject: { kind: "Pod", name: "book-1" } });
      expect(event?.["message"]).toContain("(rds): no such thing");
    });
    client.close();
  });
});
