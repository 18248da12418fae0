import * as fc from "fast-check";

/** Texts as a careless or hostile author may write them. */
const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    "/",
    "/rate",
    "x-user",
    "a%b",
    "%%",
    "(",
    "[a-z]+",
    "(?=a)",
    ":path",
    "host",
    "ä",
    "a\r\nb",
  ),
);
const duration = fc.constantFrom("1s", "250ms", "1h", "0s", "-1s", "soon", "0.5ms", "1.5s");
const share = optional({ value: fc.constantFrom(0, 0.0001, 33.3, 100, 100.1, -1) });
const stringMatch = fc.oneof(
  oneOf({ exact: text, prefix: text, regex: text }),
  optional({ exact: text, prefix: text, regex: text }),
);
const matches = fc.dictionary(text, stringMatch, { maxKeys: 2 });
const fields = fc.dictionary(text, text, { maxKeys: 2 });
const operations = oneOf({ set: fields, add: fields, remove: fc.array(text, { maxLength: 2 }) });
const headers = oneOf({ request: operations, response: operations });
const destination = fc
  .tuple(
    fc.record({
      host: fc.constantFrom("rating", "missing", "rating.default.svc.cluster.local", "example.com", ""),
    }),
    optional({
      subset: fc.constantFrom("v1", "v9"),
      port: fc.record({ number: fc.constantFrom(8080, 9090) }),
    }),
  )
  .map(([host, rest]) => ({ ...host, ...rest }));

const match = oneOf({
  name: text,
  uri: stringMatch,
  method: stringMatch,
  authority: stringMatch,
  scheme: stringMatch,
  headers: matches,
  withoutHeaders: matches,
  queryParams: matches,
  ignoreUriCase: fc.boolean(),
  port: fc.constantFrom(8080, 80),
});

const httpRoute = oneOf({
  name: text,
  match: fc.array(match, { maxLength: 3 }),
  route: fc.array(
    fc.record(
      { destination, weight: fc.integer({ min: -1, max: 3 }), headers },
      { requiredKeys: ["destination"] },
    ),
    { maxLength: 3 },
  ),
  rewrite: oneOf({
    uri: text,
    authority: text,
    uriRegexRewrite: optional({ match: text, rewrite: text }),
  }),
  timeout: duration,
  retries: optional({
    attempts: fc.constantFrom(0, 2, 100, 101, -1),
    perTryTimeout: duration,
    retryOn: fc.constantFrom("5xx", "503,reset", "often", "", ","),
    backoff: duration,
    retryIgnorePreviousHosts: fc.boolean(),
  }),
  fault: optional({
    delay: optional({ fixedDelay: duration, percentage: share, percent: fc.constantFrom(0, 50, 101) }),
    abort: optional({ httpStatus: fc.constantFrom(200, 503, 599, 600, 99), percentage: share }),
  }),
  mirror: destination,
  mirrors: fc.array(fc.record({ destination, percentage: share }, { requiredKeys: ["destination"] }), {
    maxLength: 2,
  }),
  mirrorPercentage: share,
  headers,
});

const answer = fc.oneof(
  fc.record({
    redirect: optional({
      uri: text,
      authority: text,
      port: fc.constantFrom(0, 80, 70_000),
      scheme: text,
      redirectCode: fc.constantFrom(301, 308, 200),
    }),
  }),
  fc.record({
    directResponse: fc
      .tuple(
        fc.record({ status: fc.constantFrom(200, 418, 99, 600) }),
        optional({ body: optional({ string: text, bytes: fc.constantFrom("aGk=", "!", "") }) }),
      )
      .map(([status, rest]) => ({ ...status, ...rest })),
  }),
);

/** HTTP routes of a VirtualService: plain ones with one or two odd fields, and answers without any upstream. */
export const anyHttpRoute: fc.Arbitrary<object> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(httpRoute, httpRoute).map(([one, other]) => ({ ...TO_RATING, ...one, ...other })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(answer, oneOf({ match: fc.array(match, { maxLength: 2 }), headers }))
      .map(([one, other]) => ({ ...one, ...other })),
  },
);

/** Traffic policies of a DestinationRule. */
export const anyTrafficPolicy: fc.Arbitrary<object> = oneOf({
  loadBalancer: optional({
    simple: fc.constantFrom(
      "ROUND_ROBIN",
      "LEAST_CONN",
      "LEAST_REQUEST",
      "RANDOM",
      "PASSTHROUGH",
      "UNSPECIFIED",
    ),
  }),
  connectionPool: oneOf({
    tcp: optional({
      maxConnections: fc.integer({ min: -1, max: 3 }),
      connectTimeout: duration,
      idleTimeout: duration,
      maxConnectionDuration: duration,
      tcpKeepalive: optional({ time: duration, interval: duration, probes: fc.integer({ min: 0, max: 3 }) }),
    }),
    http: optional({
      http1MaxPendingRequests: fc.integer({ min: -1, max: 3 }),
      http2MaxRequests: fc.integer({ min: -1, max: 3 }),
      maxRequestsPerConnection: fc.integer({ min: -1, max: 3 }),
      maxRetries: fc.integer({ min: -1, max: 3 }),
      idleTimeout: duration,
      h2UpgradePolicy: fc.constantFrom("DEFAULT", "UPGRADE"),
      useClientProtocol: fc.boolean(),
    }),
  }),
  outlierDetection: optional({
    consecutive5xxErrors: fc.integer({ min: 0, max: 3 }),
    consecutiveGatewayErrors: fc.integer({ min: 0, max: 3 }),
    splitExternalLocalOriginErrors: fc.boolean(),
    consecutiveLocalOriginFailures: fc.integer({ min: 0, max: 3 }),
    interval: duration,
    baseEjectionTime: duration,
    maxEjectionPercent: fc.constantFrom(-1, 0, 50, 101),
    minHealthPercent: fc.constantFrom(-1, 0, 50, 101),
  }),
});

const TO_RATING = { route: [{ destination: { host: "rating" } }] };

/** An object with any of these fields. */
function optional(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.record(model, { requiredKeys: [] });
}

/** An object with exactly one of these fields. */
function oneOf(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<object> {
  return fc.oneof(
    ...Object.entries(model).map(([key, arbitrary]) => arbitrary.map((value) => ({ [key]: value }))),
  );
}
