import { describe, expect, it } from "vitest";
import type { Container, Probe } from "@bookmesh/kube-api";
import { rewriteProbes } from "./application-probes.ts";

const container: Container = { name: "app", ports: [{ name: "web", containerPort: 8_080 }] };

describe("rewriteProbes", () => {
  it.each([
    {
      name: "HTTP by number",
      probe: { httpGet: { path: "/live", port: 80 } },
      original: { httpGet: { path: "/live", port: 80 }, timeoutSeconds: 1 },
    },
    {
      name: "HTTP by name, without a path",
      probe: { httpGet: { port: "web", scheme: "HTTPS" }, timeoutSeconds: 5 },
      original: { httpGet: { path: "/", port: 8_080, scheme: "HTTPS" }, timeoutSeconds: 5 },
    },
    {
      name: "HTTP by a number written as text",
      probe: { httpGet: { path: "/", port: "81" } },
      original: { httpGet: { path: "/", port: 81 }, timeoutSeconds: 1 },
    },
    {
      name: "TCP",
      probe: { tcpSocket: { port: "web" } },
      original: { tcpSocket: { port: 8_080 }, timeoutSeconds: 1 },
    },
    {
      name: "gRPC",
      probe: { grpc: { port: 9_000, service: "s" } },
      original: { grpc: { port: 9_000, service: "s" }, timeoutSeconds: 1 },
    },
  ] satisfies { name: string; probe: Probe; original: Probe }[])("rewrites $name", ({ probe, original }) => {
    const { container: rewritten, originals } = rewriteProbes({
      ...container,
      livenessProbe: { ...probe, periodSeconds: 7 },
    });
    expect(originals).toEqual({ "/app-health/app/livez": original });
    expect(rewritten.livenessProbe).toEqual({
      httpGet: { path: "/app-health/app/livez", port: 15_020, scheme: "HTTP" },
      periodSeconds: 7,
      ...("timeoutSeconds" in probe && { timeoutSeconds: probe.timeoutSeconds }),
    });
  });

  it.each([
    { name: "a command", probe: { exec: { command: ["true"] } } },
    { name: "a port that nobody declares", probe: { httpGet: { port: "nobody" } } },
  ] satisfies { name: string; probe: Probe }[])("leaves $name as it is", ({ probe }) => {
    const before = { ...container, readinessProbe: probe };
    expect(rewriteProbes(before)).toEqual({ container: before, originals: {} });
  });

  it("keeps the three probes apart", () => {
    const probe: Probe = { tcpSocket: { port: 1 } };
    const all = { ...container, readinessProbe: probe, livenessProbe: probe, startupProbe: probe };
    expect(Object.keys(rewriteProbes(all).originals)).toEqual([
      "/app-health/app/readyz",
      "/app-health/app/livez",
      "/app-health/app/startupz",
    ]);
  });
});
