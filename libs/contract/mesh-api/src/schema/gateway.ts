import type { KubeObject } from "@bookmesh/kube-api";
import * as z from "zod";
import { stringMap, strings, type DeepReadonly } from "./parts.ts";

const tlsVersion = z.enum(["TLS_AUTO", "TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3"]);

const serverPort = z
  .strictObject({
    number: z.uint32().describe("The port that clients ask for."),
    name: z.string().describe("The port's name; unlike any other of the same Gateway."),
    protocol: z.string().describe("What it speaks: HTTP, HTTP2, GRPC, HTTPS, TLS, TCP or MONGO."),
    targetPort: z.uint32().optional().describe("Deprecated: the gateway's Service says it."),
  })
  .describe("The port.");

const serverTls = z.strictObject({
  httpsRedirect: z.boolean().optional().describe("Sends clients that come without TLS to https."),
  mode: z
    .enum(["PASSTHROUGH", "SIMPLE", "MUTUAL", "AUTO_PASSTHROUGH", "ISTIO_MUTUAL", "OPTIONAL_MUTUAL"])
    .optional()
    .describe("Who proves itself: SIMPLE: the gateway alone."),
  credentialName: z
    .string()
    .optional()
    .describe("The Secret of the gateway's own namespace with the certificate and its key."),
  credentialNames: strings.optional().describe("Several such Secrets."),
  serverCertificate: z.string().optional().describe("A file of the gateway with its certificate."),
  privateKey: z.string().optional().describe("A file of the gateway with its key."),
  caCertificates: z.string().optional().describe("A file of the gateway with the roots of its clients."),
  caCrl: z.string().optional().describe("A file of the gateway with revoked certificates."),
  caCertCredentialName: z.string().optional().describe("A Secret with the roots of its clients."),
  tlsCertificates: z
    .array(
      z.strictObject({
        serverCertificate: z.string().optional().describe("A file of the gateway with a certificate."),
        privateKey: z.string().optional().describe("A file of the gateway with its key."),
        caCertificates: z.string().optional().describe("A file of the gateway with roots."),
      }),
    )
    .optional()
    .describe("Several certificates in files."),
  subjectAltNames: strings.optional().describe("The names that clients' certificates may bear."),
  verifyCertificateSpki: strings.optional().describe("Hashes of the keys that clients may have."),
  verifyCertificateHash: strings.optional().describe("Hashes of the certificates that clients may have."),
  minProtocolVersion: tlsVersion.optional().describe("The oldest version of TLS; 1.2 where absent."),
  maxProtocolVersion: tlsVersion.optional().describe("The newest version of TLS."),
  cipherSuites: strings.optional().describe("The cipher suites, the best first."),
});

const server = z.strictObject({
  port: serverPort,
  bind: z.string().optional().describe("The address to listen on."),
  hosts: strings.describe("The hosts that are served, also `*.suffix`, `*`, and `namespace/host`."),
  tls: serverTls.optional().describe("How connections are encrypted."),
  defaultEndpoint: z.string().optional().describe("Where unrouted traffic goes."),
  name: z.string().optional().describe("The server's name."),
});

/** `Gateway.spec`. */
export const gatewaySpec = z
  .strictObject({
    selector: stringMap.optional().describe("The labels of the gateway's pods."),
    servers: z.array(server).optional().describe("What is served."),
  })
  .describe("Opens ports at the edge of the mesh.");

/** `Gateway.spec`. Source: Istio API, `networking.istio.io`. */
export type GatewaySpec = DeepReadonly<z.infer<typeof gatewaySpec>>;

/** `Gateway.spec.servers[]`. */
export type GatewayServer = DeepReadonly<z.infer<typeof server>>;

/** A rule that opens ports at the edge of the mesh. */
export interface Gateway extends KubeObject {
  readonly kind: "Gateway";
  readonly spec: GatewaySpec;
}
