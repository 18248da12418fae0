import * as fc from "fast-check";
import type { KubeObject } from "@bookmesh/kube-api";

const words = fc.constantFrom("a", "beta", "v2", "x-y");
const paths = fc.constantFrom("/", "/rate", "/rate/", "/rate/1", "/a%20b");
const regex = fc.constantFrom("/rate/[0-9]+", ".*beta.*", "(a|b)+c?", "*", "^v[0-9]$");
const duration = fc.constantFrom("1s", "250ms", "1h30m", "2.5s", "1ms");
const seconds = fc.constantFrom("1s", "90s", "1h30m");
const percent = record({ value: fc.constantFrom(0, 0.01, 12.5, 33.3, 50, 99.9, 100) });
const valueMatch = fc.oneof(oneField({ exact: words, prefix: words, regex }), fc.constant({}));
const pathMatch = oneField({ exact: paths, prefix: paths, regex: fc.constantFrom("/rate/[0-9]+", ".*") });
const headerNames = fc.constantFrom("x-user", "cookie", "user-agent", "end-user");
const valueMatches = fc.dictionary(headerNames, valueMatch, { maxKeys: 2 });
const fields = fc.dictionary(headerNames, words, { minKeys: 1, maxKeys: 2 });
const withHost = fc.oneof(fields, fc.constant({ host: "other.example.com" }));
const names = fc.array(headerNames, { maxLength: 2 });
const headers = record({
  request: record({ set: withHost, add: fields, remove: names }),
  response: record({ set: fields, add: fields, remove: names }),
});

const destination = fc
  .tuple(
    fc.constantFrom("rating", "rating", "rating", "missing", "outside.example.com"),
    record({ subset: fc.constantFrom("v1", "v2", "v9"), port: fc.constant({ number: 8080 }) }),
  )
  .map(([host, rest]) => ({ host, ...rest }));

const condition = record({
  name: words,
  uri: pathMatch,
  ignoreUriCase: fc.boolean(),
  method: oneField({ exact: fc.constantFrom("GET", "POST"), regex: fc.constant("GET|PUT") }),
  authority: oneField({ exact: fc.constant("rating"), prefix: fc.constant("rat") }),
  scheme: oneField({ exact: fc.constantFrom("http", "https") }),
  headers: valueMatches,
  withoutHeaders: valueMatches,
  queryParams: valueMatches,
  port: fc.constantFrom(8080, 9090),
  sourceLabels: fc.constantFrom({ app: "book" }, { app: "shop" }, { app: "book", version: "v1" }),
  sourceNamespace: fc.constantFrom("default", "elsewhere"),
  gateways: fc.constantFrom(["mesh"], ["edge"], ["edge", "mesh"]),
});

const retries = fc.oneof(
  fc.constant({ attempts: 0 }),
  fc
    .tuple(
      fc.integer({ min: 1, max: 5 }),
      record({
        perTryTimeout: duration,
        retryOn: fc.constantFrom(
          "5xx",
          "503",
          "gateway-error,409,reset",
          "retriable-4xx",
          "connect-failure,503",
        ),
        backoff: duration,
        retryIgnorePreviousHosts: fc.boolean(),
        retryRemoteLocalities: fc.boolean(),
      }),
    )
    .map(([attempts, rest]) => ({ attempts, ...rest })),
);

const fault = record({
  delay: fc
    .tuple(duration, record({ percentage: percent, percent: fc.constantFrom(0, 7, 100) }))
    .map(([fixedDelay, rest]) => ({ fixedDelay, ...rest })),
  abort: fc
    .tuple(fc.constantFrom(200, 418, 503), record({ percentage: percent }))
    .map(([httpStatus, rest]) => ({ httpStatus, ...rest })),
});

const weighted = fc.record({ destination, weight: fc.integer({ min: 0, max: 100 }) });
const forward = fc
  .tuple(
    fc.oneof(
      fc.tuple(fc.record({ destination, headers }, { requiredKeys: ["destination"] })),
      fc.array(
        fc.tuple(weighted, record({ headers })).map(([one, other]) => ({ ...one, ...other })),
        {
          minLength: 2,
          maxLength: 3,
        },
      ),
    ),
    fc.oneof(
      record({ mirror: destination, mirrorPercentage: percent }),
      record({
        mirrors: fc.array(
          fc.record({ destination, percentage: percent }, { requiredKeys: ["destination"] }),
          {
            maxLength: 2,
          },
        ),
      }),
    ),
    record({
      rewrite: fc.oneof(
        record({ uri: paths, authority: fc.constant("inner.example.com") }),
        fc.constant({ uriRegexRewrite: { match: "^/rate/(.*)$", rewrite: "/\\1" } }),
      ),
      timeout: duration,
      retries,
      fault,
    }),
  )
  .map(([route, mirrors, rest]) => ({ route, ...mirrors, ...rest }));

const answer = oneField({
  redirect: record({
    uri: paths,
    authority: fc.constant("moved.example.com"),
    scheme: fc.constantFrom("http", "https"),
    redirectCode: fc.constantFrom(301, 302, 303, 307, 308),
    port: fc.constantFrom(80, 443, 8443),
    derivePort: fc.constantFrom("FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"),
  }),
  directResponse: fc.constantFrom(
    { status: 418 },
    { status: 200, body: { string: "tea" } },
    { status: 503, body: { bytes: "aGk=" } },
  ),
});

const httpRoute = fc
  .tuple(
    record({ name: words, match: fc.array(condition, { maxLength: 3 }), headers }),
    fc.oneof({ weight: 4, arbitrary: forward }, { weight: 1, arbitrary: answer }),
  )
  .map(([one, other]) => ({ ...one, ...other }));

const virtualService = fc
  .tuple(
    fc.constantFrom(["rating"], ["rating"], ["rating", "RATING.example.com"], ["lone.example.com"]),
    fc.array(httpRoute, { minLength: 1, maxLength: 3 }),
    record({
      exportTo: fc.constantFrom(["*"], ["."], ["default"]),
      gateways: fc.constantFrom(["mesh"], ["mesh", "edge"], ["edge"]),
    }),
  )
  .map(([hosts, http, rest]) => ({ hosts, http, ...rest }));

const limit = fc.integer({ min: 0, max: 5 });
const positive = fc.integer({ min: 1, max: 5 });
const portPolicy = {
  loadBalancer: record({
    simple: fc.constantFrom("ROUND_ROBIN", "LEAST_CONN", "LEAST_REQUEST", "RANDOM", "UNSPECIFIED"),
  }),
  connectionPool: record({
    tcp: record({
      maxConnections: positive,
      connectTimeout: duration,
      idleTimeout: duration,
      maxConnectionDuration: duration,
      tcpKeepalive: record({ time: seconds, interval: seconds, probes: positive }),
    }),
    http: record({
      http1MaxPendingRequests: positive,
      http2MaxRequests: positive,
      maxRequestsPerConnection: limit,
      maxRetries: limit,
      idleTimeout: duration,
      h2UpgradePolicy: fc.constantFrom("DEFAULT", "DO_NOT_UPGRADE"),
      useClientProtocol: fc.boolean(),
    }),
  }),
  outlierDetection: record({
    consecutive5xxErrors: limit,
    consecutiveGatewayErrors: limit,
    splitExternalLocalOriginErrors: fc.boolean(),
    consecutiveLocalOriginFailures: limit,
    interval: duration,
    baseEjectionTime: duration,
    maxEjectionPercent: fc.constantFrom(0, 10, 100),
    minHealthPercent: fc.constantFrom(0, 30, 100),
  }),
};
const trafficPolicy = record({
  ...portPolicy,
  portLevelSettings: fc.array(
    fc.tuple(record(portPolicy), fc.constantFrom(8080, 9090)).map(([policy, number]) => ({
      ...policy,
      port: { number },
    })),
    { maxLength: 2 },
  ),
});

const destinationRule = fc
  .tuple(
    fc.constantFrom("rating", "rating", "*.example.com"),
    record({
      trafficPolicy,
      subsets: fc.uniqueArray(
        fc
          .tuple(fc.constantFrom("v1", "v2"), record({ trafficPolicy }))
          .map(([version, rest]) => ({ name: version, labels: { version }, ...rest })),
        { selector: ({ name }) => name, maxLength: 2 },
      ),
    }),
  )
  .map(([host, rest]) => ({ host, ...rest }));

/** None but for its case the host of a rule: to istiod these are two here, to us and to DNS one. */
const edgeHost = fc.constantFrom("*.example.com", "lone.example.com");
const httpPort = { number: 80, name: "http", protocol: "HTTP" };
const httpsPort = { number: 443, name: "https", protocol: "HTTPS" };
/** Hosts of any namespace where it redirects: istiod takes the namespace for part of the name that is redirected. */
const edgeServer = fc.oneof(
  fc.record({
    port: fc.constant(httpPort),
    hosts: fc.uniqueArray(edgeHost, { minLength: 1, maxLength: 2 }),
    tls: fc.constant({ httpsRedirect: true }),
  }),
  fc
    .tuple(
      fc.uniqueArray(fc.oneof(edgeHost, fc.constantFrom("./*.example.com", "*/lone.example.com")), {
        minLength: 1,
        maxLength: 2,
      }),
      fc.constantFrom<object>(
        { port: httpPort },
        { port: httpsPort, tls: { mode: "SIMPLE", credentialName: "edge" } },
      ),
    )
    .map(([hosts, rest]) => ({ hosts, ...rest })),
);

/** A way in, for those rules that name it. */
const edge = fc
  .tuple(
    fc.constantFrom("ingressgateway", "ingressgateway", "other"),
    fc.array(edgeServer, { minLength: 1, maxLength: 2 }),
  )
  .map(([istio, servers]) => ({ selector: { istio }, servers }));

/** A rule that leaves some of its calls to another, and that other one, which has no hosts. */
const delegation = fc
  .tuple(
    record({
      name: words,
      match: fc.array(condition, { maxLength: 2 }),
      timeout: duration,
      retries,
      headers,
    }),
    fc.array(httpRoute, { minLength: 1, maxLength: 2 }),
    record({ exportTo: fc.constantFrom(["*"], ["."]) }),
  )
  .map(([root, http, rest]) => [
    rule("VirtualService", "root", {
      hosts: ["rating"],
      http: [{ ...root, delegate: { name: "delegate" } }],
    }),
    rule("VirtualService", "delegate", { http, ...rest }),
  ]);

/** Rules of one host are exported alike: where they are not, istiod takes the last one, and we merge what is seen. */
const destinationRules = fc
  .tuple(
    fc.array(destinationRule, { maxLength: 2 }),
    record({ exportTo: fc.constantFrom(["*"], ["."], ["default"]) }),
  )
  .map(([specs, exported]) => specs.map((spec) => ({ ...spec, ...exported })));

/** The rules that one author may have written for a service `rating`, within what this version honours. */
export const anyRules: fc.Arbitrary<readonly KubeObject[]> = fc
  .tuple(
    fc.array(virtualService, { maxLength: 2 }),
    fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: delegation }),
    destinationRules,
    fc.array(edge, { maxLength: 1 }),
  )
  .map(([ofHosts, delegated, ofDestinations, edges]) => [
    ...ofHosts.map((spec, index) => rule("VirtualService", `v${index}`, spec)),
    ...delegated,
    ...ofDestinations.map((spec, index) => rule("DestinationRule", `d${index}`, spec)),
    ...edges.map((spec) => rule("Gateway", "edge", spec)),
  ]);

function rule(kind: string, name: string, spec: object): KubeObject {
  return { apiVersion: "networking.istio.io/v1", kind, metadata: { name }, spec };
}

/** An object with any of these fields. */
function record(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(model, { requiredKeys: [] });
}

/** An object with exactly one of these fields. */
function oneField(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.oneof(
    ...Object.entries(model).map(([key, arbitrary]) => arbitrary.map((value) => ({ [key]: value }))),
  );
}
