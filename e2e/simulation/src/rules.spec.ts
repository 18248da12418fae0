import type { Call } from "@bookmesh/simulation";
import { describe, expect, it } from "vitest";
import { RATING } from "./book-shop.ts";
import { simulate, type SimulationOptions } from "./simulate.ts";

const SUBSETS = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rating }
spec:
  host: rating
  subsets:
    - { name: v1, labels: { app.kubernetes.io/version: v1.0.0 } }
    - { name: v2, labels: { app.kubernetes.io/version: v2.0.0 } }
`;

/** A VirtualService of \`rating\` with these HTTP routes, in YAML's flow style. */
function virtualService(http: string, metadata = "name: rating", hosts = "rating"): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { ${metadata} }
spec: { hosts: [${hosts}], http: ${http} }
`;
}

const TO_V1 = "route: [{ destination: { host: rating, subset: v1 } }]";
const TO_V2 = "route: [{ destination: { host: rating, subset: v2 } }]";

function mesh(http: string, options: SimulationOptions = {}) {
  return simulate([RATING, SUBSETS, virtualService(http)].join("\n---\n"), options);
}

const V1 = ["127.16.0.1:8080"];
const V2 = ["127.16.0.2:8080"];
const call = (path: string, rest: Omit<Call, "url"> = {}): Call => ({
  url: `http://rating:8080${path}`,
  ...rest,
});

describe("matching", () => {
  it.each([
    { match: "uri: { exact: /rate/1 }", yes: call("/rate/1?x=1"), no: call("/rate/12") },
    { match: "uri: { prefix: /rate }", yes: call("/rates/1"), no: call("/book") },
    { match: "uri: { regex: '/rate/\\d+' }", yes: call("/rate/12"), no: call("/rate/12/x") },
    { match: "uri: { prefix: /RATE }, ignoreUriCase: true", yes: call("/rate/1"), no: call("/book") },
    { match: "method: { exact: POST }", yes: call("/", { method: "POST" }), no: call("/") },
    {
      match: "authority: { exact: 'rating:8080' }",
      yes: call("/"),
      no: { url: "http://rating.default:8080/" },
    },
    {
      match: "headers: { x-user: { exact: ann } }",
      yes: call("/", { headers: { "X-User": "ann" } }),
      no: call("/", { headers: { "x-user": "bob" } }),
    },
    {
      match: "headers: { cookie: { regex: '.*group=b.*' } }",
      yes: call("/", { headers: { cookie: "a=1; group=b" } }),
      no: call("/", { headers: { cookie: "group=a" } }),
    },
    {
      match: "headers: { x-user: {} }",
      yes: call("/", { headers: { "x-user": "bob" } }),
      no: call("/"),
    },
    {
      match: "withoutHeaders: { x-user: { exact: ann } }",
      yes: call("/"),
      no: call("/", { headers: { "x-user": "ann" } }),
    },
    {
      match: "withoutHeaders: { x-user: {} }",
      yes: call("/"),
      no: call("/", { headers: { "x-user": "bob" } }),
    },
    { match: "queryParams: { v: { exact: '2' } }", yes: call("/?v=2"), no: call("/?v=1") },
    { match: "queryParams: { v: {} }", yes: call("/?v="), no: call("/") },
    { match: "gateways: [mesh], uri: { exact: /a }", yes: call("/a"), no: call("/b") },
  ])("$match", ({ match, yes, no }) => {
    const rules = mesh(`[{ match: [{ ${match} }], ${TO_V2} }, { ${TO_V1} }]`);
    expect(rules.call(yes).hosts).toEqual(V2);
    expect(rules.call(no).hosts).toEqual(V1);
  });

  it("takes one of several conditions, and all parts of one", () => {
    const rules = mesh(
      `[{ match: [{ uri: { exact: /a }, method: { exact: GET } }, { uri: { exact: /b } }], ${TO_V2} }, { ${TO_V1} }]`,
    );
    expect(rules.call(call("/a")).hosts).toEqual(V2);
    expect(rules.call(call("/b", { method: "POST" })).hosts).toEqual(V2);
    expect(rules.call(call("/a", { method: "POST" })).hosts).toEqual(V1);
  });

  it("answers 404 where no route matches", () => {
    expect(mesh(`[{ match: [{ uri: { exact: /a } }], ${TO_V2} }]`).call(call("/b")).status).toBe(404);
  });

  it.each([
    {
      name: "its labels",
      match: "sourceLabels: { app: book }",
      from: { labels: { app: "book", version: "v1" } },
    },
    { name: "its namespace", match: "sourceNamespace: shop", from: { namespace: "shop" } },
  ])("knows a caller by $name", ({ match, from }) => {
    const http = `[{ match: [{ ${match} }], ${TO_V2} }, { ${TO_V1} }]`;
    const url = "http://rating.default:8080/";
    expect(mesh(http, { from }).call({ url }).hosts).toEqual(V2);
    expect(mesh(http).call({ url }).hosts).toEqual(V1);
  });

  it("holds for the port that it names", () => {
    const http = `[{ match: [{ port: 9090 }], ${TO_V2} }, { ${TO_V1} }]`;
    expect(mesh(http).call(call("/")).hosts).toEqual(V1);
  });
});

describe("what a route does", () => {
  it("takes its time limits, retries and faults from the rule", () => {
    const { forward } = mesh(`[{
      timeout: 3s,
      retries: { attempts: 3, perTryTimeout: 500ms, retryOn: "reset,503", backoff: 10ms, retryIgnorePreviousHosts: false },
      fault: { delay: { fixedDelay: 2s, percentage: { value: 50 } }, abort: { httpStatus: 418, percentage: { value: 0.5 } } },
      ${TO_V1} }]`).call(call("/"));
    expect(forward).toMatchObject({
      timeoutMs: 3_000,
      retry: {
        maxRetries: 3,
        perTryTimeoutMs: 500,
        on: { reset: true, serverError: false },
        avoidsPreviousHosts: false,
        backoff: { initialMs: 10, maxMs: 100 },
      },
      fault: { delay: { fraction: 0.5, durationMs: 2_000 }, abort: { fraction: 0.005, status: 418 } },
    });
    expect([...(forward?.retry?.statusCodes ?? [])]).toEqual([503]);
  });

  it("has no time limit where the rule has none, and no retries where the rule says 0", () => {
    const { forward } = mesh(`[{ retries: { attempts: 0 }, ${TO_V1} }]`).call(call("/"));
    expect(forward).toMatchObject({ timeoutMs: 0, retry: undefined });
  });

  it("edits heads", () => {
    const { forward } = mesh(`[{
      headers: {
        request: { set: { x-a: "1", Host: "other" }, add: { x-b: "2" }, remove: [x-c] },
        response: { set: { x-d: "4" } } },
      ${TO_V1} }]`).call(call("/"));
    expect(forward?.edits).toMatchObject({
      set: [["x-a", "1"]],
      append: [["x-b", "2"]],
      remove: ["x-c"],
      authority: "other",
    });
    expect(forward?.responseEdits).toMatchObject({ set: [["x-d", "4"]] });
  });

  it.each([
    {
      name: "a prefix",
      rule: "match: [{ uri: { prefix: /old } }], rewrite: { uri: /new }",
      path: "/old/1?a=b",
      to: "/new/1?a=b",
    },
    {
      name: "a path",
      rule: "match: [{ uri: { exact: /old } }], rewrite: { uri: /new }",
      path: "/old",
      to: "/new",
    },
    {
      name: "parts of a path",
      rule: "rewrite: { uriRegexRewrite: { match: '^/v(\\d)/', rewrite: '/version-\\1/' } }",
      path: "/v2/x",
      to: "/version-2/x",
    },
  ])("rewrites $name", ({ rule, path, to }) => {
    const { forward } = mesh(`[{ ${rule}, ${TO_V1} }]`).call(call(path));
    const request = { method: "GET", path, authority: "rating", scheme: "http", header: () => undefined };
    expect(forward?.edits?.path(request)).toBe(to);
  });

  it("mirrors a share", () => {
    const { forward } = mesh(`[{
      mirror: { host: rating, subset: v2 }, mirrorPercentage: { value: 12.5 }, ${TO_V1} }]`).call(call("/"));
    expect(forward?.mirrors.map(({ cluster, fraction }) => [cluster.name, fraction])).toEqual([
      ["outbound|8080|v2|rating.default.svc.cluster.local", 0.125],
    ]);
  });

  it("answers by itself, or sends elsewhere", () => {
    const rules = mesh(`[
      { match: [{ uri: { exact: /teapot } }], directResponse: { status: 418, body: { string: short and stout } } },
      { match: [{ uri: { exact: /old } }], redirect: { uri: /new, authority: example.com, redirectCode: 308 } },
      { ${TO_V1} }]`);
    expect(rules.call(call("/teapot"))).toMatchObject({ status: 418 });
    expect(rules.call(call("/old")).reason).toContain("308 with location http://example.com");
  });

  it("leaves out destinations whose weight is 0", () => {
    const { shares } = mesh(`[{ route: [
      { destination: { host: rating, subset: v1 }, weight: 100 },
      { destination: { host: rating, subset: v2 }, weight: 0 }] }]`).call(call("/"));
    expect(Object.keys(shares)).toEqual(["outbound|8080|v1|rating.default.svc.cluster.local"]);
  });
});

describe("which rule holds", () => {
  const world = (...documents: string[]) => simulate([RATING, SUBSETS, ...documents].join("\n---\n"));

  it("is the oldest of those that name the host", () => {
    const older = virtualService(`[{ ${TO_V2} }]`, 'name: z, creationTimestamp: "2026-01-01T00:00:00Z"');
    const younger = virtualService(`[{ ${TO_V1} }]`, 'name: a, creationTimestamp: "2026-02-01T00:00:00Z"');
    expect(world(younger, older).call(call("/")).hosts).toEqual(V2);
  });

  it("is the one with the full name before one with a wildcard, whatever their age", () => {
    const wildcard = virtualService(
      `[{ ${TO_V1} }]`,
      'name: a, creationTimestamp: "2026-01-01T00:00:00Z"',
      '"*.default.svc.cluster.local"',
    );
    const exact = virtualService(`[{ ${TO_V2} }]`, 'name: b, creationTimestamp: "2026-02-01T00:00:00Z"');
    expect(world(wildcard, exact).call(call("/")).hosts).toEqual(V2);
    expect(world(wildcard).call(call("/")).hosts).toEqual(V1);
  });

  it("may be about hosts that are no services", () => {
    const outside = virtualService("[{ directResponse: { status: 410 } }]", "name: gone", '"*.example.com"');
    expect(world(outside).call({ url: "http://old.example.com/" }).status).toBe(410);
    expect(world(outside).call({ url: "http://example.com/" }).shares).toEqual({ PassthroughCluster: 1 });
  });

  it("is one that the caller's namespace may see", () => {
    const hidden = virtualService(`[{ ${TO_V2} }]`).replace("spec: {", 'spec: { exportTo: ["elsewhere"],');
    expect(world(hidden).call(call("/")).route).toBe("default");
  });
});

describe("which names reach a service", () => {
  it.each([
    "rating:8080",
    "rating.default:8080",
    "rating.default.svc:8080",
    "rating.default.svc.cluster.local:8080",
    "rating.default.svc.cluster.local.:8080",
    "RATING:8080",
  ])("%s does", (host) => {
    expect(simulate(RATING).call({ url: `http://${host}/` }).route).toBe("default");
  });

  it.each(["rating", "rating:9090", "example.com", "127.16.0.1:8080"])("%s passes through", (host) => {
    expect(simulate(RATING).call({ url: `http://${host}/` }).shares).toEqual({ PassthroughCluster: 1 });
  });

  it("does not know the short name in another namespace", () => {
    const elsewhere = simulate(RATING, { from: { namespace: "elsewhere" } });
    expect(elsewhere.call(call("/")).shares).toEqual({ PassthroughCluster: 1 });
    expect(elsewhere.call({ url: "http://rating.default:8080/" }).hosts).toEqual([...V1, ...V2]);
  });

  it("is refused where the mesh lets nobody out", () => {
    const closed = simulate(RATING, { meshConfig: { outboundTrafficPolicy: { mode: "REGISTRY_ONLY" } } });
    expect(closed.call({ url: "http://example.com/" }).status).toBe(502);
  });
});
