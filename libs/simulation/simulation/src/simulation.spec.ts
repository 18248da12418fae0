import { seededRandom } from "@bookmesh/kernel";
import type { DestinationRule, VirtualService } from "@bookmesh/mesh-api";
import type { Host } from "@bookmesh/proxy-core";
import { DEFAULT_MESH_CONFIG } from "@bookmesh/mesh-api";
import type { MeshSnapshot } from "@bookmesh/translate";
import { describe, expect, it } from "vitest";
import { callerOf } from "./callers.ts";
import { withAddresses } from "./destination-of.ts";
import { explainCall } from "./explain-call.ts";
import { sendCalls, type SendingOptions, type Tally } from "./send-calls.ts";
import type { Reaction } from "./send-once.ts";
import { simulatedMesh, type SimulatedProxy } from "./simulated-mesh.ts";

const HOST = "rating.default.svc.cluster.local";
const RATE = { url: "http://rating:8080/rate/1" };
const PODS = ["v1", "v2"].map((version, index) => ({
  version,
  ip: `127.16.0.${index + 1}`,
}));

/** The rating service with a pod of each version, and rules. */
function shop(
  http?: VirtualService["spec"]["http"],
  rule: Partial<DestinationRule["spec"]> = {},
): MeshSnapshot {
  const named = { name: "rating", namespace: "default" };
  const networking = { apiVersion: "networking.istio.io/v1", metadata: named };
  const subsets = PODS.map(({ version }) => ({ name: version, labels: { version } }));
  return withAddresses({
    namespaces: [],
    services: [
      {
        ...{ apiVersion: "v1", kind: "Service", metadata: named },
        spec: { selector: { app: "rating" }, ports: [{ name: "http", port: 8080 }] },
      },
    ],
    pods: PODS.map(({ version, ip }) => ({
      ...{ apiVersion: "v1", kind: "Pod", spec: { containers: [] } },
      metadata: { name: `rating-${version}-0`, namespace: "default", labels: { app: "rating", version } },
      status: { phase: "Running", podIP: ip },
    })),
    endpointSlices: [
      {
        ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
        metadata: { ...named, labels: { "kubernetes.io/service-name": "rating" } },
        ports: [{ name: "http", port: 8080 }],
        endpoints: PODS.map(({ version, ip }) => ({
          addresses: [ip],
          targetRef: { kind: "Pod", name: `rating-${version}-0`, namespace: "default" },
        })),
      },
    ],
    virtualServices:
      http === undefined
        ? []
        : [{ ...networking, kind: "VirtualService", spec: { hosts: ["rating"], http } }],
    destinationRules: [
      { ...networking, kind: "DestinationRule", spec: { host: "rating", subsets, ...rule } },
    ],
    gateways: [],
    credentials: [],
    meshConfig: { ...DEFAULT_MESH_CONFIG, defaultLoadBalancer: "ROUND_ROBIN" },
  });
}

function proxyIn(world: MeshSnapshot): SimulatedProxy {
  const view = callerOf(world, { namespace: "default" });
  if (view === undefined) throw new Error("Nobody calls.");
  return simulatedMesh(world, seededRandom(1)).proxy(view);
}

const well: Reaction = { kind: "answer", status: 200, afterMs: 5 };
/** The second version fails, the first one is well. */
function sick(reaction: Reaction): (host: Host) => Reaction {
  return ({ address }) => (address === "127.16.0.2" ? reaction : well);
}

function send(world: MeshSnapshot, options: Partial<SendingOptions> = {}): Tally {
  const defaults = { times: 100, everyMs: 10, behaviour: () => well, random: seededRandom(2) };
  return sendCalls(proxyIn(world), RATE, { ...defaults, ...options });
}

const TO_ALL = [{ destination: { host: "rating" } }];
const RETRY = { route: TO_ALL, retries: { attempts: 2, retryOn: "5xx" } };
const BREAKER = {
  trafficPolicy: {
    outlierDetection: {
      consecutive5xxErrors: 1,
      interval: "1s",
      baseEjectionTime: "10s",
      maxEjectionPercent: 100,
    },
  },
};

describe("the explanation of a call", () => {
  it("names every step on the way", () => {
    const split = PODS.map(({ version }, index) => ({
      destination: { host: "rating", subset: version },
      weight: index === 0 ? 75 : 25,
    }));
    const explained = explainCall(proxyIn(shop([{ name: "canary", route: split, timeout: "3s" }])), RATE);
    expect(explained).toMatchObject({
      listener: "0.0.0.0_8080",
      virtualHost: `${HOST}:8080`,
      route: "canary",
      status: undefined,
      targets: [
        {
          cluster: `outbound|8080|v1|${HOST}`,
          fraction: 0.75,
          hosts: [{ address: "127.16.0.1:8080", pod: "rating-v1-0" }],
        },
        {
          cluster: `outbound|8080|v2|${HOST}`,
          fraction: 0.25,
          hosts: [{ address: "127.16.0.2:8080", pod: "rating-v2-0" }],
        },
      ],
    });
    expect(explained.steps.join("\n")).toContain("After 3000 ms the caller gets 504 (flag UT).");
    expect(explained.steps.at(-1)).toBe(
      `Cluster outbound|8080|v2|${HOST} has rating-v2-0 (127.16.0.2:8080).`,
    );
  });

  it.each([
    { name: "a host that nobody knows", url: "http://example.com/", targets: ["PassthroughCluster"] },
    { name: "another port", url: "http://rating:9000/", targets: ["PassthroughCluster"] },
    { name: "a full name", url: `http://${HOST}:8080/`, targets: [`outbound|8080||${HOST}`] },
  ])("follows $name", ({ url, targets }) => {
    const explained = explainCall(proxyIn(shop()), { url });
    expect(explained.targets.map(({ cluster }) => cluster)).toEqual(targets);
  });
});

describe("many calls in virtual time", () => {
  it("are spread as the balancer spreads them, and take no time of anybody's", () => {
    expect(send(shop())).toMatchObject({
      statuses: { 200: 100 },
      flags: {},
      hosts: { "127.16.0.1:8080": { tries: 50, failures: 0 }, "127.16.0.2:8080": { tries: 50, failures: 0 } },
      retries: 0,
      tookMs: 995,
    });
  });

  it("fail every second time while one of two hosts is sick", () => {
    const behaviour = sick({ kind: "answer", status: 503, afterMs: 1 });
    expect(send(shop(), { behaviour }).statuses).toEqual({ 200: 50, 503: 50 });
  });

  it("all succeed with retries, at the price of more tries", () => {
    const tally = send(shop([RETRY]), { behaviour: sick({ kind: "answer", status: 503, afterMs: 1 }) });
    expect(tally.statuses).toEqual({ 200: 100 });
    expect(tally.retries).toBe(tally.hosts["127.16.0.2:8080"]?.failures);
    expect(tally.retries).toBeGreaterThan(30);
  });

  it("spare a host that is ejected, until its time is over, and then for longer", () => {
    const behaviour = sick({ kind: "answer", status: 503, afterMs: 1 });
    const tally = send(shop([RETRY], BREAKER), { times: 400, everyMs: 100, behaviour });
    expect(tally.statuses).toEqual({ 200: 400 });
    expect(tally.hosts["127.16.0.2:8080"]).toEqual({ tries: 3, failures: 3 });
    const [first, second, third] = tally.ejections.map(({ atMs }) => atMs);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThan(10_000);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan(20_000);
  });

  it.each([
    {
      name: "a timeout",
      http: [{ route: TO_ALL, timeout: "1s" }],
      flags: { UT: 50 },
      statuses: { 200: 50, 504: 50 },
    },
    {
      name: "a try's timeout, without a second chance",
      http: [
        {
          route: [{ destination: { host: "rating", subset: "v2" } }],
          retries: { attempts: 1, perTryTimeout: "1s", retryOn: "5xx" },
        },
      ],
      flags: { UT: 100, URX: 100 },
      statuses: { 504: 100 },
    },
  ])("end with $name where a host is silent", ({ http, flags, statuses }) => {
    const tally = send(shop(http), { behaviour: sick({ kind: "answer", status: 200, afterMs: 60_000 }) });
    expect(tally).toMatchObject({ flags, statuses });
  });

  it("are refused where nobody listens, and told so", () => {
    const tally = send(shop([{ route: TO_ALL, retries: { attempts: 0 } }]), {
      behaviour: sick({ kind: "refused" }),
    });
    expect(tally).toMatchObject({ statuses: { 200: 50, 503: 50 }, flags: { UF: 50 } });
  });

  it("are delayed, aborted and copied by their shares", () => {
    const fault = { abort: { httpStatus: 418, percentage: { value: 30 } } };
    const tally = send(
      shop([
        { route: TO_ALL, fault, mirror: { host: "rating", subset: "v2" }, mirrorPercentage: { value: 50 } },
      ]),
      { times: 2_000 },
    );
    expect((tally.statuses["418"] ?? 0) / 2_000).toBeCloseTo(0.3, 1);
    expect((tally.mirrored[`outbound|8080|v2|${HOST}`] ?? 0) / 2_000).toBeCloseTo(0.35, 1);
  });

  it("are the same for the same seed", () => {
    const route = PODS.map(({ version }) => ({
      destination: { host: "rating", subset: version },
      weight: 50,
    }));
    const [one, other] = [1, 2].map(() => send(shop([{ route }])));
    expect(one).toEqual(other);
  });
});
