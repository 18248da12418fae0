import type { ConfigIssue } from "@bookmesh/kernel";
import type { GatewayServer, GatewaySpec } from "../schema/gateway.ts";
import type { MeshReview } from "./mesh-review.ts";
import { notHonoured, notHonouredIssues } from "./not-honoured.ts";

/** Fields of `Gateway.spec` that neither `gateways` nor the proxy carries out yet. */
const NOT_HONOURED: ReadonlySet<string> = new Set([
  "servers[].bind",
  "servers[].defaultEndpoint",
  "servers[].port.targetPort",
  "servers[].tls.serverCertificate",
  "servers[].tls.privateKey",
  "servers[].tls.caCertificates",
  "servers[].tls.caCrl",
  "servers[].tls.caCertCredentialName",
  "servers[].tls.tlsCertificates",
  "servers[].tls.credentialNames",
  "servers[].tls.subjectAltNames",
  "servers[].tls.verifyCertificateSpki",
  "servers[].tls.verifyCertificateHash",
  "servers[].tls.cipherSuites",
]);

/** Judges a Gateway beyond its schema. */
export function reviewGateway(spec: GatewaySpec): MeshReview {
  const { servers = [], selector = {} } = spec;
  const isForAll = Object.keys(selector).length === 0;
  const withoutSelector: readonly ConfigIssue[] = isForAll
    ? [{ path: "spec.selector", problem: "is absent: the servers open on every gateway of the mesh" }]
    : [];
  return {
    errors: [
      ...(servers.length === 0 ? [{ path: "spec.servers", problem: "must name at least one server" }] : []),
      ...servers.flatMap((server, index) => serverIssues(server, `spec.servers[${index}]`)),
      ...portNameIssues(servers),
      ...(isForAll ? unclearSecretIssues(servers) : []),
      ...notHonouredIssues(spec, NOT_HONOURED),
    ],
    warnings: withoutSelector,
  };
}

/** The protocols of Istio's servers; of each, whether this version serves it. */
const PROTOCOLS: Readonly<Record<string, "clear" | "encrypted" | "not yet">> = {
  HTTP: "clear",
  HTTP2: "clear",
  GRPC: "clear",
  HTTPS: "encrypted",
  TLS: "not yet",
  TCP: "not yet",
  MONGO: "not yet",
};
const MAX_PORT = 65_535;

function serverIssues(server: GatewayServer, at: string): readonly ConfigIssue[] {
  const { port, hosts } = server;
  const protocol = port.protocol.toUpperCase();
  const kind = Object.hasOwn(PROTOCOLS, protocol) ? PROTOCOLS[protocol] : undefined;
  const path = `${at}.port.protocol`;
  return [
    ...(kind === undefined
      ? [{ path, problem: `"${port.protocol}" must be one of ${Object.keys(PROTOCOLS).join(", ")}` }]
      : []),
    ...(kind === "not yet" ? [notHonoured(path)] : []),
    ...(port.number < 1 || port.number > MAX_PORT
      ? [{ path: `${at}.port.number`, problem: `must be between 1 and ${MAX_PORT}` }]
      : []),
    ...(port.name === "" ? [{ path: `${at}.port.name`, problem: "must not be empty" }] : []),
    ...(hosts.length === 0 ? [{ path: `${at}.hosts`, problem: "must name at least one host" }] : []),
    ...hosts.flatMap((host, index) => hostIssues(host, `${at}.hosts[${index}]`)),
    ...(kind === "encrypted" ? encryptedIssues(server, at) : clearIssues(server, at)),
  ];
}

const NAMESPACE = /^(\*|\.|[a-z0-9]([-a-z0-9]*[a-z0-9])?)$/;
const HOST = /^(\*|(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*)$/i;

function hostIssues(host: string, path: string): readonly ConfigIssue[] {
  const [before, after, ...rest] = host.split("/");
  const [namespace, name] = after === undefined ? [undefined, before] : [before, after];
  const isHost = rest.length === 0 && HOST.test(name ?? "");
  if (isHost && (namespace === undefined || NAMESPACE.test(namespace))) return [];
  return [{ path, problem: `"${host}" is neither a host nor namespace/host` }];
}

/** Where nothing is encrypted, `tls` may only say that clients are sent elsewhere. */
function clearIssues({ tls }: GatewayServer, at: string): readonly ConfigIssue[] {
  if (tls === undefined) return [];
  const { mode, credentialName } = tls;
  return [
    ...(mode === undefined ? [] : [{ path: `${at}.tls.mode`, problem: "needs a port of protocol HTTPS" }]),
    ...(credentialName === undefined
      ? []
      : [{ path: `${at}.tls.credentialName`, problem: "needs a port of protocol HTTPS" }]),
  ];
}

function encryptedIssues({ tls }: GatewayServer, at: string): readonly ConfigIssue[] {
  if (tls === undefined) return [{ path: `${at}.tls`, problem: "is required where the protocol is HTTPS" }];
  const { mode, credentialName, httpsRedirect, minProtocolVersion, maxProtocolVersion } = tls;
  if (mode !== undefined && mode !== "SIMPLE") return [notHonoured(`${at}.tls.mode`)];
  return [
    ...credentialIssues(credentialName, `${at}.tls.credentialName`),
    ...(httpsRedirect === true
      ? [{ path: `${at}.tls.httpsRedirect`, problem: "has no meaning on a port of protocol HTTPS" }]
      : []),
    ...([minProtocolVersion, maxProtocolVersion].some((version) => OLD.has(version ?? ""))
      ? [{ path: `${at}.tls`, problem: "must not ask for a TLS older than 1.2" }]
      : []),
    ...(minProtocolVersion === "TLSV1_3" && maxProtocolVersion === "TLSV1_2"
      ? [{ path: `${at}.tls.minProtocolVersion`, problem: "is newer than maxProtocolVersion" }]
      : []),
  ];
}

/** Versions that are broken; Istio takes 1.2 where nothing is said. */
const OLD: ReadonlySet<string> = new Set(["TLSV1_0", "TLSV1_1"]);
const SECRET_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

function credentialIssues(name: string | undefined, path: string): readonly ConfigIssue[] {
  if (name === undefined || name === "") return [{ path, problem: "must name a Secret" }];
  return SECRET_NAME.test(name) ? [] : [{ path, problem: `"${name}" is no name of a Secret` }];
}

function portNameIssues(servers: readonly GatewayServer[]): readonly ConfigIssue[] {
  const names = servers.map(({ port }) => port.name);
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ path: `spec.servers[${index}].port.name`, problem: `"${name}" is named twice` }]
      : [],
  );
}

/** A Secret lies beside the gateways that are selected; where all are, nobody knows which namespace is meant. */
function unclearSecretIssues(servers: readonly GatewayServer[]): readonly ConfigIssue[] {
  return servers.some(({ tls }) => tls?.credentialName !== undefined)
    ? [{ path: "spec.selector", problem: "is required where a server names a Secret" }]
    : [];
}
