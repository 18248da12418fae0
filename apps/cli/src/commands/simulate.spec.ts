import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { keptConsole, type Printed } from "../console-fixture.ts";
import { runCommand } from "../run-command.ts";

const ARTICLE = resolve(import.meta.dirname, "../../../../deploy/samples/article");
const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop }
spec:
  hosts: [shop.example]
  gateways: [shop]
  http: [{ route: [{ destination: { host: rating } }] }]
`;
const HOST = "rating.default.svc.cluster.local";

function files(...names: readonly string[]): readonly string[] {
  return ["rating-service", ...names].map((name) => `${ARTICLE}/${name}`);
}

async function simulate(words: readonly string[], stdin = ""): Promise<Printed & { exitCode: number }> {
  const { io, printed } = keptConsole({ stdin });
  const exitCode = await runCommand(["simulate", "--use-kube=false", ...words], io);
  return { exitCode, ...(await printed()) };
}

const RATE = ["--request", "GET http://rating:8080/rate/1"];

describe("bookmesh simulate", () => {
  it("says each step of a call", async () => {
    const rules = files("destination-rule-v1-v2.yml", "virtual-service-v1.yml");
    const { exitCode, out, err } = await simulate([...rules, ...RATE]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "" });
    expect(out).toContain(`Virtual host "${HOST}:8080", route 0`);
    expect(out).toContain(
      `Cluster outbound|8080|version-v1|${HOST} has rating-service-v1-0 (127.16.0.1:8080).`,
    );
  });

  it("counts what becomes of many, while one version is sick", async () => {
    const words = ["-c", "100", "--answer", "rating-service-v2=503", "-o", "json"];
    const { out } = await simulate([...files("virtual-service-retry.yml"), ...RATE, ...words]);
    const outcome: unknown = JSON.parse(out);
    expect(outcome).toMatchObject({ tally: { calls: 100, statuses: { 200: 100 } } });
  });

  it("tells times to the millisecond, however retries pause", async () => {
    const words = ["-c", "100", "--answer", "rating-service-v2=503"];
    const { out } = await simulate([...files("virtual-service-retry.yml"), ...RATE, ...words]);
    expect(out).toMatch(/^100 calls in \d+(\.\d{1,3})? s of virtual time: 200: 100$/m);
  });

  it("says that calls by the article's breaker file as printed reach nobody", async () => {
    const rules = files("destination-rule-circuit-breaker.yml", "virtual-service-v1.yml");
    const { out } = await simulate([...rules, ...RATE, "-c", "10"]);
    expect(out).toContain("has no hosts: 503 (flag UH).");
    expect(out).toContain("10 calls in 0.9 s of virtual time: 503: 10 (flags UH: 10)");
  });

  it("enters by the ingress gateway, which need not be in the files", async () => {
    const { out } = await simulate(
      [...files(), "-", "--from", "ingress", "--request", "http://shop.example/rate/1"],
      GATEWAY,
    );
    expect(out).toContain("serves port 80.");
    expect(out).toContain(`goes to outbound|8080||${HOST} (100 %).`);
  });

  it.each([
    { name: "a request that is none", words: ["--request", "rating"], says: '"rating" is no request' },
    {
      name: "a caller that is not there",
      words: [...RATE, "--from", "shop"],
      says: 'No pod of namespace default is "shop"',
    },
    {
      name: "an answer of nobody",
      words: [...RATE, "-c", "2", "--answer", "book=503"],
      says: 'No pod is called "book"',
    },
    {
      name: "an answer that is none",
      words: [...RATE, "-c", "2", "--answer", "rating"],
      says: '"rating" is no answer',
    },
    { name: "a header that is none", words: [...RATE, "-H", "tester"], says: '"tester" is no header' },
    { name: "no calls at all", words: [...RATE, "-c", "0"], says: "It must be from 1 to 1000000." },
  ])("refuses $name", async ({ words, says }) => {
    const { exitCode, err } = await simulate([...files(), ...words]);
    expect(exitCode).toBe(2);
    expect(err).toContain(says);
  });
});
