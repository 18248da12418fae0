import { describe, expect, it } from "vitest";
import { describeIssues } from "@bookmesh/kernel";
import { validateMeshResource } from "./validate-mesh-resource.ts";

const TO_RATING = { destination: { host: "rating" } };

function virtualService(spec: object) {
  return validateMeshResource({
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "rating" },
    spec: { hosts: ["rating"], ...spec },
  });
}

function httpRoute(route: object) {
  return virtualService({ http: [{ route: [TO_RATING], ...route }] });
}

function destinationRule(spec: object) {
  return validateMeshResource({
    apiVersion: "networking.istio.io/v1",
    kind: "DestinationRule",
    metadata: { name: "rating" },
    spec: { host: "rating", ...spec },
  });
}

const NOT_YET = "is not honoured by this version of Bookmesh yet";

describe("validateMeshResource", () => {
  it.each([
    { name: "an unknown field", spec: { htpp: [] }, error: "spec.htpp: is an unknown field" },
    { name: "a wrong type", spec: { hosts: "rating" }, error: "spec.hosts: must be of type array" },
    {
      name: "a gateway but no hosts",
      spec: { hosts: [], gateways: ["edge"] },
      error: "spec.gateways: must be absent where there are no hosts",
    },
    {
      name: "a delegate of a delegate",
      spec: { hosts: [], http: [{ delegate: { name: "x" } }] },
      error: "spec.http[0].delegate: must be absent: a delegate cannot delegate further",
    },
    {
      name: "a delegate without a name",
      spec: { http: [{ delegate: { namespace: "other" } }] },
      error: "spec.http[0].delegate.name: is required",
    },
    { name: "a host twice", spec: { hosts: ["a", "a"] }, error: `spec.hosts[1]: "a" is named twice` },
    { name: "a host that is none", spec: { hosts: ["a b"] }, error: `spec.hosts[0]: "a b" is no host name` },
    { name: "every host", spec: { hosts: ["*"] }, error: `spec.hosts[0]: "*" would take every call` },
    { name: "no routes", spec: {}, error: "spec: must have at least one route" },
    { name: "a gateway's name that is none", spec: { gateways: ["a/b/c"] }, error: "spec.gateways[0]" },
    {
      name: "every host, for gateways and sidecars",
      spec: { hosts: ["*"], gateways: ["edge", "mesh"] },
      error: `spec.hosts[0]: "*" would take every call`,
    },
    { name: "TCP routes", spec: { tcp: [{ route: [] }] }, error: `spec.tcp: ${NOT_YET}` },
  ])("refuses a VirtualService with $name", ({ spec, error }) => {
    expect(describeIssues(virtualService(spec).errors)).toContain(error);
  });

  it.each([
    {
      name: "a negative weight",
      route: { route: [{ ...TO_RATING, weight: -5 }] },
      error: "spec.http[0].route[0].weight: must not be negative",
    },
    {
      name: "weights that add up to 0",
      route: { route: [{ ...TO_RATING, weight: 0 }, { ...TO_RATING }] },
      error: "spec.http[0].route: has weights that add up to 0",
    },
    {
      name: "nothing to do",
      route: { route: [] },
      error: "spec.http[0]: must have a route, a redirect or a directResponse",
    },
    {
      name: "two things to do",
      route: { redirect: { uri: "/" } },
      error: "spec.http[0]: must have only one of route, redirect and directResponse",
    },
    {
      name: "a timeout that is no duration",
      route: { timeout: "5 seconds" },
      error: `spec.http[0].timeout: "5 seconds" is no duration`,
    },
    { name: "a timeout of 0", route: { timeout: "0s" }, error: "spec.http[0].timeout: must be at least 1ms" },
    {
      name: "a share above 100",
      route: { fault: { abort: { httpStatus: 503, percentage: { value: 101 } } } },
      error: "spec.http[0].fault.abort.percentage.value: must be between 0 and 100",
    },
    {
      name: "an expression that RE2 cannot read",
      route: { match: [{ uri: { regex: "(?=a)" } }] },
      error: "spec.http[0].match[0].uri.regex: is no regular expression",
    },
    {
      name: "an expression that is too long",
      route: { match: [{ uri: { regex: "a".repeat(1_025) } }] },
      error: "spec.http[0].match[0].uri.regex: must not be longer than 1024 characters",
    },
    {
      name: "two ways to match",
      route: { match: [{ uri: { exact: "/a", prefix: "/b" } }] },
      error: "spec.http[0].match[0].uri: must have only one of exact, prefix and regex",
    },
    {
      name: "a retry condition that does not exist",
      route: { retries: { attempts: 2, retryOn: "5xx,sometimes" } },
      error: `spec.http[0].retries.retryOn: "sometimes" is neither a retry condition nor a status code`,
    },
    {
      name: "a prefix for a path that an expression matched",
      route: { match: [{ uri: { regex: "/a.*" } }], rewrite: { uri: "/b" } },
      error: "spec.http[0].rewrite.uri: needs matches by exact or prefix",
    },
    {
      name: "a command in a header",
      route: { headers: { request: { set: { "x-a": "%REQ(host)%" } } } },
      error: "spec.http[0].headers.request.set.x-a: must not contain a %COMMAND%",
    },
    {
      name: "a rewritten path with a line break",
      route: { rewrite: { uri: "/a\r\nx-evil: 1" } },
      error: "spec.http[0].rewrite.uri: must be visible ASCII characters",
    },
    {
      name: "a redirect to a host that is none",
      route: { route: [], redirect: { authority: "a\r\nb" } },
      error: "spec.http[0].redirect.authority:",
    },
    {
      name: "a body that is no base64",
      route: { route: [], directResponse: { status: 200, body: { bytes: "!" } } },
      error: "spec.http[0].directResponse.body.bytes: must be base64",
    },
    { name: "CORS", route: { corsPolicy: {} }, error: `spec.http[0].corsPolicy: ${NOT_YET}` },
    {
      name: "a delegate beside a route",
      route: { delegate: { name: "x" } },
      error: "spec.http[0]: must not have a route, a redirect or a directResponse beside its delegate",
    },
    {
      name: "retries that are described and not asked for",
      route: { retries: { retryOn: "5xx" } },
      error: "spec.http[0].retries.attempts: must be at least 1 where retries are described",
    },
    {
      name: "a fault before an answer of the sidecar's own",
      route: { route: [], directResponse: { status: 200 }, fault: { abort: { httpStatus: 503 } } },
      error: "spec.http[0].fault: needs a route",
    },
    {
      name: "two ports of a redirect",
      route: { route: [], redirect: { port: 80, derivePort: "FROM_REQUEST_PORT" } },
      error: "spec.http[0].redirect: must have only one of port and derivePort",
    },
  ])("refuses an HTTP route with $name", ({ route, error }) => {
    expect(describeIssues(httpRoute(route).errors)).toContain(error);
  });

  it("takes a weight of 0 of a destination that stands alone", () => {
    expect(httpRoute({ route: [{ ...TO_RATING, weight: 0 }] })).toMatchObject({ errors: [], warnings: [] });
  });

  it("warns of weights that do not add up to 100", () => {
    const route = [1, 2].map((weight) => ({ ...TO_RATING, weight }));
    const { errors, warnings } = virtualService({ http: [{ route }] });
    expect(errors).toEqual([]);
    expect(describeIssues(warnings)).toContain("spec.http[0].route: weights add up to 3, not 100");
  });

  it.each([
    {
      name: "a subset twice",
      spec: { subsets: [{ name: "v1" }, { name: "v1" }] },
      error: `spec.subsets[1].name: "v1" is named twice`,
    },
    { name: "a subset without a name", spec: { subsets: [{}] }, error: "spec.subsets[0].name: is required" },
    {
      name: "a subset's name with a space",
      spec: { subsets: [{ name: "a b" }] },
      error: `spec.subsets[0].name: "a b" must be letters, digits and "-"`,
    },
    {
      name: "an ejection of no time",
      spec: { trafficPolicy: { outlierDetection: { baseEjectionTime: "0s" } } },
      error: "spec.trafficPolicy.outlierDetection.baseEjectionTime: must be at least 1ms",
    },
    {
      name: "more than all hosts ejected",
      spec: { subsets: [{ name: "v1", trafficPolicy: { outlierDetection: { maxEjectionPercent: 101 } } }] },
      error: "spec.subsets[0].trafficPolicy.outlierDetection.maxEjectionPercent: must be between 0 and 100",
    },
    {
      name: "failed connections that are not counted apart",
      spec: {
        trafficPolicy: {
          portLevelSettings: [
            { port: { number: 80 }, outlierDetection: { consecutiveLocalOriginFailures: 1 } },
          ],
        },
      },
      error:
        "spec.trafficPolicy.portLevelSettings[0].outlierDetection.consecutiveLocalOriginFailures: needs split",
    },
    {
      name: "HTTP/2 for those who speak HTTP/1.1",
      spec: { trafficPolicy: { connectionPool: { http: { h2UpgradePolicy: "UPGRADE" } } } },
      error: `spec.trafficPolicy.connectionPool.http.h2UpgradePolicy: ${NOT_YET}`,
    },
    {
      name: "an idle time of no time",
      spec: { trafficPolicy: { connectionPool: { http: { idleTimeout: "0s" } } } },
      error: "spec.trafficPolicy.connectionPool.http.idleTimeout: must be at least 1ms",
    },
    {
      name: "a policy that says nothing",
      spec: { trafficPolicy: {} },
      error: "spec.trafficPolicy: must have at least one field",
    },
    {
      name: "settings of a port without its number",
      spec: { trafficPolicy: { portLevelSettings: [{ port: {} }] } },
      error: "spec.trafficPolicy.portLevelSettings[0].port.number: is required",
    },
    {
      name: "TLS",
      spec: { trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } },
      error: `spec.trafficPolicy.tls.mode: ${NOT_YET}`,
    },
    {
      name: "a subset's own consistent hash",
      spec: {
        subsets: [{ name: "v1", trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true } } } }],
      },
      error: `spec.subsets[0].trafficPolicy.loadBalancer.consistentHash: ${NOT_YET}`,
    },
    {
      name: "less than no connections",
      spec: { trafficPolicy: { connectionPool: { tcp: { maxConnections: -1 } } } },
      error: "spec.trafficPolicy.connectionPool.tcp.maxConnections: must not be negative",
    },
    {
      name: "a balancing policy that does not exist",
      spec: { trafficPolicy: { loadBalancer: { simple: "FASTEST" } } },
      error: "spec.trafficPolicy.loadBalancer.simple: must be one of",
    },
  ])("refuses a DestinationRule with $name", ({ spec, error }) => {
    expect(describeIssues(destinationRule(spec).errors)).toContain(error);
  });

  it("warns of errors in a row by their old name", () => {
    const { errors, warnings } = destinationRule({
      trafficPolicy: { outlierDetection: { consecutiveErrors: 3 } },
    });
    expect(errors).toEqual([]);
    expect(describeIssues(warnings)).toContain(
      "spec.trafficPolicy.outlierDetection.consecutiveErrors: is deprecated",
    );
  });

  it.each([
    {
      name: "a delegate, which nobody sees",
      spec: { hosts: [], http: [{ route: [TO_RATING] }] },
      warning:
        "spec.hosts: is empty: the rule has no effect but where another VirtualService delegates to it",
    },
    {
      name: "a fault that meets nobody",
      spec: { http: [{ fault: { abort: { httpStatus: 503 } }, route: [TO_RATING] }] },
      warning: "spec.http[0].fault.abort.percentage: is absent, so that no request meets the fault",
    },
  ])("warns of $name", ({ spec, warning }) => {
    const { errors, warnings } = virtualService(spec);
    expect(errors).toEqual([]);
    expect(describeIssues(warnings)).toContain(warning);
  });

  it.each(["RequestAuthentication", "AuthorizationPolicy"])(
    "refuses %s, which would protect nothing",
    (kind) => {
      const object = { apiVersion: "security.istio.io/v1", kind, metadata: { name: "x" }, spec: {} };
      expect(describeIssues(validateMeshResource(object).errors)).toContain(`${kind} ${NOT_YET}`);
    },
  );

  it("has no opinion on kinds that are not Istio's", () => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" } };
    expect(validateMeshResource(object)).toEqual({ errors: [], warnings: [] });
  });
});
