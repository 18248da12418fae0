import { describe, expect, it } from "vitest";
import { protocolOf } from "./protocol.ts";

describe("protocolOf", () => {
  it.each([
    { name: "http", expected: "http" },
    { name: "http-web", expected: "http" },
    { name: "grpc", expected: "http2" },
    { name: "grpc-web", expected: "http2" },
    { name: "http2-admin", expected: "http2" },
    { name: "https", expected: "tls" },
    { name: "tcp-db", expected: "tcp" },
    { name: "web", expected: "auto" },
    { expected: "auto" },
    { name: "web", appProtocol: "http", expected: "http" },
    { name: "tcp-web", appProtocol: "kubernetes.io/h2c", expected: "http2" },
    { name: "http", appProtocol: "example.com/odd", expected: "http" },
    { name: "dns", protocol: "UDP", expected: "udp" },
  ] as const)("takes %j for its protocol", ({ expected, ...port }) => {
    expect(protocolOf({ port: 80, ...port })).toBe(expected);
  });
});
