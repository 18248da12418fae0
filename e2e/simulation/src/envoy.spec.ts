import { worldOf } from "@bookmesh/analysis";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routerTranslator } from "@bookmesh/gateways";
import { hasProgram } from "@bookmesh/testkit";
import { meshTranslator } from "@bookmesh/translate";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { article, RATING } from "./book-shop.ts";
import { EVERY_PROTOCOL } from "./every-protocol.ts";
import { envoyBootstrap } from "./envoy-bootstrap.ts";
import { readObjects } from "./read-objects.ts";

const ENVOY_MS = 60_000;
const RULES = article("destination-rule-v1-v2.yml", "virtual-service-v1-v2-75-25.yml");
const WORLD = worldOf(readObjects([RATING, RULES, EVERY_PROTOCOL].join("\n---\n")), {
  accessLogFile: "/dev/null",
});
const VIEW = {
  namespace: "default",
  labels: { app: "every-protocol", "app.kubernetes.io/name": "rating-service" },
  podIp: "10.244.0.9",
  applicationAddress: "127.0.0.1",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "envoy-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.runIf(hasProgram("envoy"))("a stock Envoy", { timeout: ENVOY_MS }, () => {
  it.each([
    { pod: "whose application calls a proxy", wildcards: [] },
    { pod: "with IPv4", wildcards: ["0.0.0.0"] },
    { pod: "with IPv6", wildcards: ["::"] },
    { pod: "with both", wildcards: ["0.0.0.0", "::"] },
  ])("takes all that a pod $pod is sent", async ({ wildcards }) => {
    const file = join(folder, `bootstrap-${wildcards.length}.json`);
    const resources = meshTranslator().translate(WORLD, { ...VIEW, wildcards });
    writeFileSync(file, JSON.stringify(envoyBootstrap(resources)));
    expect(await validate(file)).toContain(`configuration '${file}' OK`);
  });

  it.each([
    { sample: "ingress.yml", kind: "ingressgateway" },
    { sample: "ingress-tls.yml", kind: "ingressgateway" },
    { sample: "egress.yml", kind: "egressgateway" },
  ])("takes what a gateway is sent of $sample", async ({ sample, kind }) => {
    const file = join(folder, `${sample}.json`);
    const rules = readFileSync(join(GATEWAY_SAMPLES, sample), "utf8");
    const world = worldOf(readObjects([RATING, gatewayService(kind), rules].join("\n---\n")));
    const view = { ...VIEW, role: "router", labels: { istio: kind }, wildcards: ["0.0.0.0"] } as const;
    const resources = meshTranslator(routerTranslator()).translate(world, view);
    expect(resources.get(TYPE_URLS.listener)?.resources.size).toBeGreaterThan(0);
    writeFileSync(file, JSON.stringify(envoyBootstrap(resources)));
    expect(await validate(file)).toContain(`configuration '${file}' OK`);
  });
});

const GATEWAY_SAMPLES = resolve(import.meta.dirname, "../../../deploy/samples/gateways");

function gatewayService(kind: string): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: istio-gateway }
spec:
  clusterIP: 10.96.0.9
  selector: { istio: ${kind} }
  ports:
    - { name: http2, port: 80, targetPort: 8080 }
    - { name: https, port: 443, targetPort: 8443 }
`;
}

function validate(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile("envoy", ["--mode", "validate", "-c", file], (_error, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
}
