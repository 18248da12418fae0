import { describe, expect, it } from "vitest";
import { article, RATING } from "./book-shop.ts";
import { simulate } from "./simulate.ts";

const V1 = "127.16.0.1";
const V2 = "127.16.0.2";
const RATE = { url: "http://rating:8080/rate/1" };
const HOST = "rating.default.svc.cluster.local";

describe("the article's traffic chapters", () => {
  it("takes turns between the versions while there are no rules, in a mesh that balances so", () => {
    const mesh = simulate(RATING, { meshConfig: { defaultLoadBalancer: "ROUND_ROBIN" } });
    expect(mesh.call(RATE)).toMatchObject({ route: "default", hosts: [`${V1}:8080`, `${V2}:8080`] });
    expect(mesh.send(RATE, 10)).toEqual({ [V1]: 5, [V2]: 5 });
  });

  it("changes nothing when only subsets are named", () => {
    const mesh = simulate(RATING + "\n---\n" + article("destination-rule-v1-v2.yml"), {
      meshConfig: { defaultLoadBalancer: "ROUND_ROBIN" },
    });
    expect(mesh.send(RATE, 10)).toEqual({ [V1]: 5, [V2]: 5 });
  });

  it.each([
    { file: "virtual-service-v1.yml", shares: { "version-v1": 1 }, hosts: [`${V1}:8080`] },
    { file: "virtual-service-v2.yml", shares: { "version-v2": 1 }, hosts: [`${V2}:8080`] },
    {
      file: "virtual-service-v1-v2-75-25.yml",
      shares: { "version-v1": 0.75, "version-v2": 0.25 },
      hosts: [`${V1}:8080`, `${V2}:8080`],
    },
  ])("follows $file", ({ file, shares, hosts }) => {
    const outcome = simulate([RATING, article("destination-rule-v1-v2.yml", file)].join("\n---\n")).call(
      RATE,
    );
    const expected = Object.fromEntries(
      Object.entries(shares).map(([subset, share]) => [`outbound|8080|${subset}|${HOST}`, share]),
    );
    expect(outcome).toMatchObject({ shares: expected, hosts, status: undefined });
  });

  it("draws 75 to 25 within 2.5 points over 4,000 calls", () => {
    const rules = article("destination-rule-v1-v2.yml", "virtual-service-v1-v2-75-25.yml");
    const counts = simulate([RATING, rules].join("\n---\n")).send(RATE, 4_000);
    expect((counts[V1] ?? 0) / 4_000).toBeGreaterThan(0.725);
    expect((counts[V1] ?? 0) / 4_000).toBeLessThan(0.775);
    expect(counts["none"]).toBeUndefined();
  });

  it("never retries an application's own 503 while no rule says so", () => {
    const retry = simulate(RATING).call(RATE).forward?.retry;
    expect(retry).toMatchObject({
      maxRetries: 2,
      on: { connectFailure: true, serverError: false, gatewayError: false },
      avoidsPreviousHosts: true,
    });
    expect([...(retry?.statusCodes ?? [])]).toEqual([]);
  });

  it("retries every 5xx when the retry rule says so", () => {
    const mesh = simulate([RATING, article("virtual-service-retry.yml")].join("\n---\n"));
    expect(mesh.call(RATE).forward?.retry).toMatchObject({
      maxRetries: 2,
      perTryTimeoutMs: 5_000,
      on: { serverError: true },
      avoidsPreviousHosts: true,
    });
  });

  it("answers 503 on that route only when a subset is missing", () => {
    const rule = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: rating }
spec:
  hosts: [rating]
  http:
    - match: [{ headers: { tester: { exact: "yes" } } }]
      route: [{ destination: { host: rating, subset: version-v9 } }]
    - route: [{ destination: { host: rating } }]
`;
    const mesh = simulate([RATING, rule].join("\n---\n"));
    expect(mesh.call({ ...RATE, headers: { tester: "yes" } })).toMatchObject({ status: 503, hosts: [] });
    expect(mesh.call(RATE)).toMatchObject({ status: undefined, hosts: [`${V1}:8080`, `${V2}:8080`] });
  });
});
