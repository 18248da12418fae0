import * as z from "zod";
import { duration, portNumber, strings, type DeepReadonly } from "./parts.ts";

const consistentHash = z.strictObject({
  httpHeaderName: z.string().optional().describe("Hashes this header."),
  httpCookie: z
    .strictObject({
      name: z.string().describe("The cookie's name."),
      path: z.string().optional().describe("The cookie's path."),
      ttl: duration.optional().describe("The cookie's life."),
      attributes: z
        .array(
          z.strictObject({
            name: z.string().describe("The attribute's name."),
            value: z.string().optional().describe("The attribute's value."),
          }),
        )
        .optional()
        .describe("Further attributes of the cookie."),
    })
    .optional()
    .describe("Hashes this cookie, which is made where it is missing."),
  useSourceIp: z.boolean().optional().describe("Hashes the caller's address."),
  httpQueryParameterName: z.string().optional().describe("Hashes this parameter of the query."),
  ringHash: z
    .strictObject({
      minimumRingSize: z.int().min(0).optional().describe("The least number of ring entries."),
    })
    .optional()
    .describe("Uses a hash ring."),
  maglev: z
    .strictObject({ tableSize: z.int().min(0).optional().describe("The table's size.") })
    .optional()
    .describe("Uses a Maglev table."),
  minimumRingSize: z.int().min(0).optional().describe("Deprecated: the least number of ring entries."),
});

const localityLbSetting = z.strictObject({
  enabled: z.boolean().optional().describe("Turns locality balancing on or off for this host."),
  distribute: z
    .array(
      z.strictObject({
        from: z.string().optional().describe("Where the call comes from."),
        to: z.record(z.string(), z.uint32()).optional().describe("Weights by locality."),
      }),
    )
    .optional()
    .describe("Weights by locality."),
  failover: z
    .array(
      z.strictObject({
        from: z.string().optional().describe("The region that fails."),
        to: z.string().optional().describe("The region that takes over."),
      }),
    )
    .optional()
    .describe("Regions that take over from each other."),
  failoverPriority: strings.optional().describe("Labels that order the hosts."),
});

const loadBalancer = z
  .strictObject({
    simple: z
      .enum(["UNSPECIFIED", "LEAST_CONN", "RANDOM", "PASSTHROUGH", "ROUND_ROBIN", "LEAST_REQUEST"])
      .optional()
      .describe("A policy without settings."),
    consistentHash: consistentHash.optional().describe("Keeps a caller at one host."),
    localityLbSetting: localityLbSetting.optional().describe("Prefers near hosts."),
    warmupDurationSecs: duration.optional().describe("Deprecated: how long a new host gets fewer calls."),
    warmup: z
      .strictObject({
        duration: duration.describe("How long a new host gets fewer calls."),
        minimumPercent: z.number().optional().describe("The share it begins with."),
        aggression: z.number().optional().describe("How the share grows."),
      })
      .optional()
      .describe("Gives new hosts fewer calls at first."),
  })
  .describe("How calls are spread over the hosts.");

const connectionPool = z
  .strictObject({
    tcp: z
      .strictObject({
        maxConnections: z.int32().optional().describe("Connections to all hosts together."),
        connectTimeout: duration.optional().describe("Time for a connection to come about."),
        idleTimeout: duration.optional().describe("When an idle connection is closed."),
        maxConnectionDuration: duration.optional().describe("When any connection is closed."),
        tcpKeepalive: z
          .strictObject({
            probes: z.uint32().optional().describe("Probes without an answer before the connection is dead."),
            time: duration.optional().describe("Silence before the first probe."),
            interval: duration.optional().describe("Time between probes."),
          })
          .optional()
          .describe("Keep-alive of the operating system."),
      })
      .optional()
      .describe("Limits for every protocol."),
    http: z
      .strictObject({
        http1MaxPendingRequests: z.int32().optional().describe("Requests that wait for a connection."),
        http2MaxRequests: z.int32().optional().describe("Requests in flight."),
        maxRequestsPerConnection: z.int32().optional().describe("Requests before a connection is closed."),
        maxRetries: z.int32().optional().describe("Retries in flight."),
        idleTimeout: duration.optional().describe("When a connection without requests is closed."),
        h2UpgradePolicy: z
          .enum(["DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"])
          .optional()
          .describe("Use of HTTP/2."),
        useClientProtocol: z.boolean().optional().describe("Keeps the caller's protocol."),
        maxConcurrentStreams: z.int32().optional().describe("Streams of one HTTP/2 connection."),
      })
      .optional()
      .describe("Limits for HTTP."),
  })
  .describe("Limits of connections and requests.");

const outlierDetection = z
  .strictObject({
    splitExternalLocalOriginErrors: z.boolean().optional().describe("Counts failed connections apart."),
    consecutiveLocalOriginFailures: z.uint32().optional().describe("Failed connections in a row."),
    consecutiveGatewayErrors: z.uint32().optional().describe("502, 503 and 504 in a row."),
    consecutive5xxErrors: z.uint32().optional().describe("Errors in a row that eject a host."),
    consecutiveErrors: z.int32().optional().describe("Deprecated, without effect."),
    interval: duration.optional().describe("Time between checks."),
    baseEjectionTime: duration.optional().describe("Time of the first ejection; each further one is longer."),
    maxEjectionPercent: z.int32().optional().describe("Share of hosts that may be ejected."),
    minHealthPercent: z
      .int32()
      .optional()
      .describe("Share of healthy hosts below which all of them are called, ejected or not."),
  })
  .describe("Takes failing hosts out for a time.");

const tls = z
  .strictObject({
    mode: z.enum(["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"]).optional().describe("How to connect."),
    clientCertificate: z.string().optional().describe("File of the client's certificate."),
    privateKey: z.string().optional().describe("File of the client's key."),
    caCertificates: z.string().optional().describe("File of the authorities to trust."),
    caCrl: z.string().optional().describe("File of the revocation list."),
    credentialName: z.string().optional().describe("Secret with all of these."),
    subjectAltNames: strings.optional().describe("Names that the server may have."),
    sni: z.string().optional().describe("Server name to ask for."),
    insecureSkipVerify: z.boolean().optional().describe("Does not check the server."),
  })
  .describe("TLS towards the hosts.");

const perPort = {
  loadBalancer: loadBalancer.optional(),
  connectionPool: connectionPool.optional(),
  outlierDetection: outlierDetection.optional(),
  tls: tls.optional(),
};

/** How to talk to a host or subset. */
export const trafficPolicy = z
  .strictObject({
    ...perPort,
    portLevelSettings: z
      .array(z.strictObject({ port: portNumber.optional().describe("The service's port."), ...perPort }))
      .optional()
      .describe("Settings of single ports; each replaces the ones above."),
    tunnel: z
      .strictObject({
        protocol: z.string().optional().describe("CONNECT or POST."),
        targetHost: z.string().describe("The host behind the tunnel."),
        targetPort: z.uint32().describe("The port behind the tunnel."),
      })
      .optional()
      .describe("Tunnels TCP through the hosts."),
    proxyProtocol: z
      .strictObject({ version: z.enum(["V1", "V2"]).optional().describe("The protocol's version.") })
      .optional()
      .describe("Sends the PROXY protocol."),
    retryBudget: z
      .strictObject({
        percent: z.number().optional().describe("Share of requests that may be retries."),
        minRetryConcurrency: z.uint32().optional().describe("Retries that are always allowed."),
      })
      .optional()
      .describe("Bounds retries by share."),
  })
  .describe("How to talk to the hosts.");

/** `DestinationRule.spec.trafficPolicy`. */
export type TrafficPolicy = DeepReadonly<z.infer<typeof trafficPolicy>>;
/** `DestinationRule.spec.trafficPolicy.connectionPool`. */
export type ConnectionPool = DeepReadonly<z.infer<typeof connectionPool>>;
/** `DestinationRule.spec.trafficPolicy.outlierDetection`. */
export type OutlierDetection = DeepReadonly<z.infer<typeof outlierDetection>>;
/** `DestinationRule.spec.trafficPolicy.loadBalancer`. */
export type LoadBalancerSettings = DeepReadonly<z.infer<typeof loadBalancer>>;
