import { createServer, request, type RequestOptions, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { eventually } from "@bookmesh/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fakeControlPlane, type FakeControlPlane } from "../ads/fake-control-plane.ts";
import { askAdmin } from "./ask-admin.ts";
import { readPodEnvironment } from "./pod-environment.ts";
import type { Sidecar } from "./run-sidecar.ts";
import { startTestSidecar } from "./sidecar-fixture.ts";
import { sampleCluster, sampleEndpoints, sampleListener, sampleRoutes } from "./sample-resources.ts";

const CLUSTER = "outbound|8080||rating.default.svc.cluster.local";
const POD_ADDRESS = "127.16.77.1";
const APPLICATION_ADDRESS = "127.144.77.1";
const HTTP_PROXY_PORT = 15_007;

describe("a sidecar", () => {
  let controlPlane: FakeControlPlane;
  let application: Server;
  let sidecar: Sidecar;
  let stop: AbortController;

  beforeEach(async () => {
    controlPlane = await fakeControlPlane();
    application = createServer((_, response) => response.end("rated"));
    await new Promise<void>((resolve) => application.listen(0, "127.0.0.1", resolve));
    stop = new AbortController();
    const pod = readPodEnvironment({
      POD_NAME: "book-1",
      POD_NAMESPACE: "default",
      INSTANCE_IP: POD_ADDRESS,
      APPLICATION_ADDRESS_OFFSET: "0.128.0.0",
      ISTIO_META_CLUSTER_ID: "Kubernetes",
      MINIMUM_DRAIN_DURATION: "0s",
      ISTIO_KUBE_APP_PROBERS: JSON.stringify({
        "/app-health/book/readyz": { httpGet: { path: "/", port: portOf(application) } },
        "/app-health/book/livez": { tcpSocket: { port: 1 } },
      }),
    });
    sidecar = await startTestSidecar(pod, controlPlane, stop.signal);
  });

  afterEach(async () => {
    stop.abort();
    await sidecar.ended;
    controlPlane.close();
    application.closeAllConnections();
    application.close();
  });

  function pushAll(version = "1"): void {
    controlPlane.push(TYPE_URLS.cluster, version, [sampleCluster(CLUSTER)]);
    controlPlane.push(TYPE_URLS.endpoint, version, [
      sampleEndpoints(CLUSTER, "127.0.0.1", portOf(application)),
    ]);
    controlPlane.push(TYPE_URLS.listener, version, [sampleListener(APPLICATION_ADDRESS, HTTP_PROXY_PORT)]);
    controlPlane.push(TYPE_URLS.route, version, [sampleRoutes("rating", CLUSTER)]);
  }

  const health = () => ask(POD_ADDRESS, sidecar.ports.health, "/healthz/ready");
  const admin = (path: string, method = "GET") =>
    askAdmin({ address: APPLICATION_ADDRESS, port: sidecar.ports.admin, method, path });

  async function ready(): Promise<void> {
    await eventually(async () => expect((await health()).status).toBe(200));
  }

  it("is ready once a complete configuration is served, and routes by it", async () => {
    expect((await health()).status).toBe(503);
    pushAll();
    await ready();
    const answer = await ask(APPLICATION_ADDRESS, HTTP_PROXY_PORT, "http://rating/rate/1");
    expect(answer).toEqual({ status: 200, body: "rated" });
  });

  it("introduces itself in the first request of a stream alone", async () => {
    pushAll();
    await ready();
    const [first, ...others] = controlPlane.heard;
    expect(first?.node?.id).toBe(`sidecar~${POD_ADDRESS}~book-1.default~default.svc.cluster.local`);
    expect(first?.node?.metadata).toMatchObject({ CLUSTER_ID: "Kubernetes", APPLICATION_ADDRESS });
    expect(others.filter(({ node }) => node)).toEqual([]);
  });

  it("shows what is configured", async () => {
    pushAll();
    await ready();
    const dump = await admin("/config_dump?include_eds");
    const types = (JSON.parse(dump.body) as { configs: { "@type": string }[] }).configs.map(
      (part) => part["@type"].split(".").at(-1) ?? "",
    );
    expect(types).toEqual([
      "BootstrapConfigDump",
      "ClustersConfigDump",
      "EndpointsConfigDump",
      "ListenersConfigDump",
      "RoutesConfigDump",
    ]);
    const clusters = await admin("/clusters?format=json");
    expect(JSON.parse(clusters.body)).toMatchObject({
      cluster_statuses: [
        { name: CLUSTER, host_statuses: [{ health_status: { eds_health_status: "HEALTHY" } }] },
      ],
    });
  });

  it("refuses what it cannot honour, says so, and keeps what it had", async () => {
    pushAll();
    await ready();
    controlPlane.push(TYPE_URLS.listener, "2", [sampleListener("not-an-address", 1)]);
    const nack = await eventually(() => {
      const found = controlPlane.heard.find(({ errorDetail }) => errorDetail);
      expect(found).toBeDefined();
      return found;
    });
    expect(nack?.versionInfo).toBe("1");
    expect(nack?.errorDetail?.message).toContain("listeners[http_proxy].address.socket_address.address");
    const dump = await admin("/config_dump?mask=dynamic_listeners");
    expect(dump.body).toContain('"client_status": "NACKED"');
    expect((await ask(APPLICATION_ADDRESS, HTTP_PROXY_PORT, "http://rating/")).status).toBe(200);
  });

  it("keeps its configuration while the control plane is away, and resumes with what it has", async () => {
    pushAll();
    await ready();
    const before = controlPlane.heard.length;
    controlPlane.dropStreams();
    expect((await ask(APPLICATION_ADDRESS, HTTP_PROXY_PORT, "http://rating/")).status).toBe(200);
    const again = await eventually(() => {
      const requests = controlPlane.heard.slice(before).filter(({ responseNonce }) => responseNonce === "");
      expect(requests).toHaveLength(4);
      return requests;
    });
    expect(again.map(({ typeUrl, versionInfo }) => [typeUrl, versionInfo])).toEqual([
      [TYPE_URLS.cluster, "1"],
      [TYPE_URLS.endpoint, "1"],
      [TYPE_URLS.listener, "1"],
      [TYPE_URLS.route, "1"],
    ]);
  });

  it("passes probes on to the application", async () => {
    expect(await ask(POD_ADDRESS, sidecar.ports.agent, "/app-health/book/livez")).toMatchObject({
      status: 500,
    });
    expect(await ask(POD_ADDRESS, sidecar.ports.agent, "/app-health/other/livez")).toMatchObject({
      status: 404,
    });
  });

  it("lets nobody change anything with GET, nor under a foreign name", async () => {
    expect((await admin("/drain_listeners")).status).toBe(405);
    expect((await admin("/quitquitquit")).status).toBe(405);
    const rebound = await send({
      host: APPLICATION_ADDRESS,
      port: sidecar.ports.admin,
      path: "/ready",
      headers: { host: "evil.example" },
    });
    expect(rebound.status).toBe(403);
  });

  it("is not ready any more once it drains", async () => {
    pushAll();
    await ready();
    expect((await admin("/drain_listeners", "POST")).status).toBe(200);
    expect((await health()).status).toBe(503);
    expect((await admin("/ready")).body).toBe("DRAINING\n");
  });
});

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function ask(
  host: string,
  port: number,
  path: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const target = path.startsWith("http") ? { host: new URL(path).host } : {};
  return send({ host, port, path, headers: target });
}

function send(options: RequestOptions): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const call = request({ ...options, agent: false });
    call.on("error", reject);
    call.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.end();
  });
}
