import { describe, expect, it } from "vitest";
import { describeIssues } from "@bookmesh/kernel";
import { validateMeshResource } from "./validate-mesh-resource.ts";

const HTTP = { port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["*"] };
const HTTPS = {
  port: { number: 443, name: "https", protocol: "HTTPS" },
  hosts: ["book.example.com"],
  tls: { mode: "SIMPLE", credentialName: "book" },
};

function gateway(...servers: readonly object[]) {
  return validateMeshResource({
    apiVersion: "networking.istio.io/v1",
    kind: "Gateway",
    metadata: { name: "edge" },
    spec: { selector: { istio: "ingressgateway" }, servers },
  });
}

const NOT_YET = "is not honoured by this version of Bookmesh yet";

describe("reviewGateway", () => {
  it("takes HTTP, and HTTPS with a Secret's certificate", () => {
    const redirecting = { ...HTTP, tls: { httpsRedirect: true } };
    const hosts = ["shop/*.example.com", "./book.example.com", "*/*", "*"];
    expect(gateway(redirecting, { ...HTTPS, hosts })).toEqual({ errors: [], warnings: [] });
  });

  it.each([
    { name: "no servers", servers: [], error: "spec.servers: must name at least one server" },
    {
      name: "a protocol that does not exist",
      servers: [{ ...HTTP, port: { ...HTTP.port, protocol: "HTP" } }],
      error: `spec.servers[0].port.protocol: "HTP" must be one of`,
    },
    {
      name: "TCP",
      servers: [{ ...HTTP, port: { ...HTTP.port, protocol: "TCP" } }],
      error: `spec.servers[0].port.protocol: ${NOT_YET}`,
    },
    {
      name: "a port that is none",
      servers: [{ ...HTTP, port: { ...HTTP.port, number: 70_000 } }],
      error: "spec.servers[0].port.number: must be between 1 and 65535",
    },
    { name: "no hosts", servers: [{ ...HTTP, hosts: [] }], error: "spec.servers[0].hosts: must name" },
    {
      name: "a host that is none",
      servers: [{ ...HTTP, hosts: ["a/b/c"] }],
      error: `spec.servers[0].hosts[0]: "a/b/c" is neither`,
    },
    { name: "HTTPS without TLS", servers: [{ ...HTTPS, tls: undefined }], error: "spec.servers[0].tls" },
    {
      name: "HTTPS without a Secret",
      servers: [{ ...HTTPS, tls: { mode: "SIMPLE" } }],
      error: "spec.servers[0].tls.credentialName: must name a Secret",
    },
    {
      name: "a Secret's name that is none",
      servers: [{ ...HTTPS, tls: { mode: "SIMPLE", credentialName: "a/b" } }],
      error: `spec.servers[0].tls.credentialName: "a/b" is no name of a Secret`,
    },
    {
      name: "TLS that is passed through",
      servers: [{ ...HTTPS, tls: { mode: "PASSTHROUGH" } }],
      error: `spec.servers[0].tls.mode: ${NOT_YET}`,
    },
    {
      name: "clients that prove themselves",
      servers: [{ ...HTTPS, tls: { mode: "MUTUAL", credentialName: "book" } }],
      error: `spec.servers[0].tls.mode: ${NOT_YET}`,
    },
    {
      name: "certificates in files",
      servers: [{ ...HTTPS, tls: { ...HTTPS.tls, serverCertificate: "/etc/cert.pem" } }],
      error: `spec.servers[0].tls.serverCertificate: ${NOT_YET}`,
    },
    {
      name: "an old version of TLS",
      servers: [{ ...HTTPS, tls: { ...HTTPS.tls, minProtocolVersion: "TLSV1_0" } }],
      error: "spec.servers[0].tls: must not ask for a TLS older than 1.2",
    },
    {
      name: "a certificate for HTTP",
      servers: [{ ...HTTP, tls: { credentialName: "book" } }],
      error: "spec.servers[0].tls.credentialName: needs a port of protocol HTTPS",
    },
    {
      name: "a port's name twice",
      servers: [HTTP, { ...HTTPS, port: { ...HTTPS.port, name: "http" } }],
      error: `spec.servers[1].port.name: "http" is named twice`,
    },
  ])("refuses a Gateway with $name", ({ servers, error }) => {
    expect(describeIssues(gateway(...servers).errors)).toContain(error);
  });

  it("warns of a Gateway for all gateways, and refuses it a Secret", () => {
    const everywhere = (server: object) =>
      validateMeshResource({
        apiVersion: "networking.istio.io/v1",
        kind: "Gateway",
        metadata: { name: "edge" },
        spec: { servers: [server] },
      });
    expect(everywhere(HTTP).errors).toEqual([]);
    expect(describeIssues(everywhere(HTTP).warnings)).toContain("spec.selector: is absent");
    expect(describeIssues(everywhere(HTTPS).errors)).toContain("spec.selector: is required");
  });
});
