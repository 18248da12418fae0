import { Agent, get } from "node:https";
import type { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, describe, it } from "vitest";
import { RESOURCES, type ConfigMap } from "@bookmesh/kube-api";
import { systemClock } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { AdsClient, behaveAsSidecar } from "./testing/ads-client.ts";
import { BOOK_TOKEN, bookshop, endpoints } from "./testing/bookshop.ts";
import { testDiscovery, type TestDiscovery, type TestDiscoveryOptions } from "./testing/test-discovery.ts";

let api: FakeKubeApi;
const running: TestDiscovery[] = [];
const clients: AdsClient[] = [];

beforeEach(() => {
  api = bookshop();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(running.splice(0).map((discovery) => discovery.end()));
});

async function start(options: TestDiscoveryOptions): Promise<TestDiscovery> {
  const discovery = await testDiscovery(api, options);
  running.push(discovery);
  return discovery;
}

async function rootPem(): Promise<string> {
  const key = { namespace: "default", name: "istio-ca-root-cert" };
  return eventually(() => {
    const map = api.read(RESOURCES.configMaps, key) as ConfigMap | undefined;
    const pem = map?.data?.["root-cert.pem"] ?? "";
    expect(pem).toContain("BEGIN CERTIFICATE");
    return pem;
  });
}

async function sidecarOf({ xdsPort }: TestDiscovery): Promise<AdsClient> {
  const client = new AdsClient({ port: xdsPort, rootPem: await rootPem(), token: BOOK_TOKEN });
  clients.push(client);
  behaveAsSidecar(client);
  await eventually(() => expect(client.received).toHaveLength(4));
  return client;
}

function contentOf({ received }: AdsClient): readonly string[] {
  return received.map(({ typeUrl, versionInfo, resources }) =>
    [typeUrl, versionInfo, ...resources.map(({ value }) => Buffer.from(value).toString("hex"))].join(" "),
  );
}

describe("two istiods", () => {
  it("serve the same bytes under the same versions", async () => {
    const one = await sidecarOf(await start({ podName: "istiod-1" }));
    api.put(RESOURCES.endpointSlices, endpoints("rating", "127.16.0.99"));
    api.put(RESOURCES.endpointSlices, endpoints("rating", "127.16.0.11"));
    const other = await sidecarOf(await start({ podName: "istiod-2" }));
    expect(contentOf(other)).toEqual(contentOf(one).slice(0, 4));
  });
});

describe("an istiod that is told to end", () => {
  const DRAIN_MS = 12_345;
  let endDrain: () => void;
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) =>
      ms === DRAIN_MS ? new Promise<void>((resolve) => (endDrain = resolve)) : systemClock.sleep(ms, signal),
  };

  it("is not ready any more, serves on while it drains, and closes its streams then", async () => {
    const discovery = await start({ clock, drainMs: DRAIN_MS });
    const client = await sidecarOf(discovery);
    const stopped = discovery.stop();
    expect((await fetch(`http://127.0.0.1:${discovery.monitoringPort}/ready`)).status).toBe(503);
    expect(await webhookAnswer(discovery)).toEqual({ status: 405, connection: "close" });
    api.put(RESOURCES.endpointSlices, endpoints("rating", "127.16.0.99"));
    await eventually(() => expect(client.received).toHaveLength(5));
    expect(client.ended).toBeUndefined();
    endDrain();
    await stopped;
    await eventually(() => expect(client.ended).toBe("ended"));
    running.splice(0);
  });
});

async function webhookAnswer({ webhookPort }: TestDiscovery): Promise<object> {
  const tls = { ca: await rootPem(), servername: "istiod.istio-system.svc" };
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: webhookPort, path: "/inject", ...tls };
    const call = get({ ...options, agent: new Agent({ keepAlive: true }) }, (response) => {
      const { statusCode: status, headers } = response;
      text(response).then(() => resolve({ status, connection: headers.connection }), reject);
    });
    call.on("error", reject);
  });
}
