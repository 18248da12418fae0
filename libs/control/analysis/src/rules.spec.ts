import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { findingsOf, RATING } from "./testing/findings-of.ts";

const ARTICLE = resolve(import.meta.dirname, "../../../../deploy/samples/article");
const HOST = "rating.default.svc.cluster.local";

function article(file: string): string {
  return readFileSync(join(ARTICLE, file), "utf8");
}

function found(...rules: readonly string[]): readonly string[] {
  return findingsOf([RATING, ...rules].join("\n---\n"));
}

/** A VirtualService of `rating`, with what stands beside its hosts. */
function virtualService(spec: string, metadata = "name: rating"): string {
  return `{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { ${metadata} }, spec: { ${spec} } }`;
}

function routes(http: string): string {
  return virtualService(`hosts: [rating], http: ${http}`);
}

const TO_RATING = "route: [{ destination: { host: rating } }]";
const SUBSETS = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rating }
spec: { host: rating, subsets: [{ name: v1, labels: { version: v1 } }] }
`;
const TWO_PORTS = `
apiVersion: v1
kind: Service
metadata: { name: wide }
spec: { selector: { app: rating }, ports: [{ name: http-a, port: 7000 }, { name: http-b, port: 7001 }] }
`;

describe("rules that can do what they say", () => {
  it.each([
    {
      name: "a route to a subset",
      rules: [SUBSETS, routes("[{ route: [{ destination: { host: rating, subset: v1 } }] }]")],
    },
    {
      name: "a route to a port",
      rules: [routes("[{ route: [{ destination: { host: rating, port: { number: 8080 } } }] }]")],
    },
    {
      name: "hosts of other domains",
      rules: [virtualService(`hosts: [book.example], http: [{ ${TO_RATING} }]`)],
    },
    {
      name: "conditions that differ",
      rules: [
        routes(
          `[{ match: [{ uri: { prefix: /a } }, { uri: { exact: /b } }], ${TO_RATING} }, { ${TO_RATING} }]`,
        ),
      ],
    },
    {
      name: "rules of one host that nobody shares",
      rules: [
        virtualService(`hosts: [${HOST}], exportTo: ["."], http: [{ ${TO_RATING} }]`),
        virtualService(
          `hosts: [${HOST}], exportTo: ["."], http: [{ route: [{ destination: { host: ${HOST} } }] }]`,
          "name: rating, namespace: shop",
        ),
      ],
    },
    {
      name: "a wildcard that covers a service",
      rules: [SUBSETS.replace("host: rating", 'host: "*.default.svc.cluster.local"')],
    },
  ])("are silent: $name", ({ rules }) => {
    expect(found(...rules)).toEqual([]);
  });
});

describe("what rules name that is not there", () => {
  it.each([
    {
      name: "a host",
      rules: [routes("[{ route: [{ destination: { host: ratings } }] }]")],
      finding: `Error IST0101 VirtualService/rating spec.http[0].route[0].destination.host: names ratings.default.svc.cluster.local, which is no service of the mesh: calls get 503`,
    },
    {
      name: "a host that only looks complete",
      rules: [routes("[{ route: [{ destination: { host: rating.default } }] }]")],
      finding:
        "Error IST0101 VirtualService/rating spec.http[0].route[0].destination.host: names rating.default, which is no service of the mesh: calls get 503",
    },
    {
      name: "a mirror's host",
      rules: [routes(`[{ ${TO_RATING}, mirror: { host: shadow } }]`)],
      finding:
        "Error IST0101 VirtualService/rating spec.http[0].mirror.host: names shadow.default.svc.cluster.local, which is no service of the mesh: calls get 503",
    },
    {
      name: "its own host",
      rules: [virtualService(`hosts: [ratings], http: [{ ${TO_RATING} }]`)],
      finding:
        "Error IST0101 VirtualService/rating spec.hosts[0]: names ratings.default.svc.cluster.local, which is no service of the mesh",
    },
    {
      name: "a port",
      rules: [routes("[{ route: [{ destination: { host: rating, port: { number: 9090 } } }] }]")],
      finding: `Error IST0101 VirtualService/rating spec.http[0].route[0].destination.port.number: 9090 is no port of ${HOST}: calls get 503`,
    },
    {
      name: "a subset",
      rules: [routes("[{ route: [{ destination: { host: rating, subset: v9 } }] }]")],
      finding: `Error IST0101 VirtualService/rating spec.http[0].route[0].destination.subset: "v9" is in no DestinationRule of ${HOST}: calls get 503`,
    },
    {
      name: "one of several ports",
      rules: [
        TWO_PORTS.replace("app: rating", "app: wide"),
        routes("[{ route: [{ destination: { host: wide } }] }]"),
      ],
      finding:
        "Error IST0112 VirtualService/rating spec.http[0].route[0].destination: must name one of the ports 7000, 7001 of wide.default.svc.cluster.local: calls of port 8080 get 503",
    },
    {
      name: "a DestinationRule's host",
      rules: [SUBSETS.replace("host: rating", "host: ratings")],
      finding:
        "Warning IST0174 DestinationRule/rating spec.host: names ratings.default.svc.cluster.local, which is no service of the mesh",
    },
    {
      name: "a subset's pods",
      rules: [SUBSETS.replace("version: v1", "version: v9")],
      finding: `Error IST0173 DestinationRule/rating spec.subsets[0].labels: select no pod of ${HOST}: calls of subset "v1" get 503`,
    },
  ])("is named: $name", ({ rules, finding }) => {
    expect(found(...rules)).toEqual([finding]);
  });

  it("is every subset of the article's breaker file as printed", () => {
    const shop = ["service", "deployment-v1", "deployment-v2"].map((file) =>
      article(`rating-service/${file}.yml`),
    );
    const lines = findingsOf([...shop, article("destination-rule-circuit-breaker.yml")].join("\n---\n"));
    expect(lines.filter((line) => line.includes("IST0173"))).toEqual(
      ["v1", "v2"].map(
        (version, at) =>
          `Error IST0173 DestinationRule/rating spec.subsets[${at}].labels: select no pod of ${HOST}: calls of subset "version-${version}" get 503`,
      ),
    );
  });
});

describe("rules that are in each other's way", () => {
  const elder = virtualService(
    `hosts: [rating], http: [{ ${TO_RATING} }]`,
    "name: first, creationTimestamp: 2026-01-01T00:00:00Z",
  );

  it("are told which one is older", () => {
    expect(found(elder, routes(`[{ ${TO_RATING} }]`))).toEqual([
      "Error IST0109 VirtualService/rating spec.hosts[0]: has no effect: the older VirtualService default/first has the same host",
    ]);
  });

  it("are told of each other while nobody knows which one will be older", () => {
    expect(
      found(
        routes(`[{ ${TO_RATING} }]`),
        virtualService(`hosts: [${HOST}], http: [{ ${TO_RATING} }]`, "name: other"),
      ),
    ).toEqual([
      "Error IST0109 VirtualService/rating spec.hosts[0]: is also a host of VirtualService default/other: only the one that is applied first has an effect",
      "Error IST0109 VirtualService/other spec.hosts[0]: is also a host of VirtualService default/rating: only the one that is applied first has an effect",
    ]);
  });
});

describe("routes", () => {
  const PREFIX = "match: [{ uri: { prefix: /rate } }]";

  it.each([
    {
      name: "behind one without conditions",
      http: `[{ ${TO_RATING} }, { ${PREFIX}, ${TO_RATING} }]`,
      finding:
        "Warning IST0130 VirtualService/rating spec.http[1]: is never reached: spec.http[0] matches every request",
    },
    {
      name: "behind one of every path",
      http: `[{ match: [{ uri: { prefix: / } }], ${TO_RATING} }, { ${TO_RATING} }]`,
      finding:
        "Warning IST0130 VirtualService/rating spec.http[1]: is never reached: spec.http[0].match[0] matches every request",
    },
    {
      name: "behind one with the same condition",
      http: `[{ ${PREFIX}, ${TO_RATING} }, { ${PREFIX}, ${TO_RATING} }]`,
      finding:
        "Warning IST0130 VirtualService/rating spec.http[1]: is never reached: spec.http[0].match[0] match all of its requests",
    },
    {
      name: "with one condition that an earlier one has",
      http: `[{ ${PREFIX}, ${TO_RATING} }, { match: [{ uri: { exact: /rate/1 } }, { uri: { exact: /a } }], ${TO_RATING} }]`,
      finding:
        "Info IST0131 VirtualService/rating spec.http[1].match[0]: is never used: spec.http[0].match[0] matches all of its requests",
    },
    {
      name: "with weights that do not add up",
      http: "[{ route: [{ destination: { host: rating }, weight: 1 }, { destination: { host: rating }, weight: 2 }] }]",
      finding:
        "Warning IST0133 VirtualService/rating spec.http[0].route: weights add up to 3, not 100: shares are relative to the sum",
    },
    {
      name: "with an unknown field",
      http: `[{ ${TO_RATING}, timeuot: 1s }]`,
      finding: "Error IST0106 VirtualService/rating spec.http[0].timeuot: is an unknown field",
    },
    {
      name: "with a wrong type",
      http: "[{ route: [{ destination: { host: rating }, weight: half }] }]",
      finding: "Error IST0106 VirtualService/rating spec.http[0].route[0].weight: must be of type number",
    },
  ])("are named: $name", ({ http, finding }) => {
    expect(found(routes(http))).toEqual([finding]);
  });
});

describe("delegates", () => {
  const rule = routes("[{ delegate: { name: part } }]");
  const part = (spec: string) => virtualService(`${spec} http: [{ ${TO_RATING} }]`, "name: part");

  it("are fine where they can be had", () => {
    expect(found(rule, part("")).filter((line) => line.startsWith("Error"))).toEqual([]);
  });

  it.each([
    { name: "do not exist", rules: [], problem: "which does not exist" },
    {
      name: "have hosts",
      rules: [part("hosts: [book.example],")],
      problem: "which has hosts of its own and so is no delegate",
    },
    {
      name: "are kept to others",
      rules: [part("exportTo: [other],")],
      problem: "which is not exported to default",
    },
  ])("are missed where they $name", ({ rules, problem }) => {
    expect(found(rule, ...rules)).toContain(
      `Error IST0101 VirtualService/rating spec.http[0].delegate: names VirtualService default/part, ${problem}: the route is left out`,
    );
  });
});

describe("gateways", () => {
  const GATEWAY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  selector: { app: rating }
  servers: [{ port: { number: 8080, name: http, protocol: HTTP }, hosts: ["*"] }]
`;
  const rule = virtualService(`hosts: [book.example], gateways: [edge], http: [{ ${TO_RATING} }]`);

  it("are fine where pods serve them and rules name them", () => {
    expect(found(GATEWAY, rule).filter((line) => !line.startsWith("Info"))).toEqual([]);
  });

  it("are missed where a rule names one that does not exist", () => {
    expect(found(rule).join()).toContain(
      "Error IST0101 VirtualService/rating spec.gateways[0]: names Gateway default/edge, which does not exist",
    );
  });

  it("are told of where no pod serves them", () => {
    expect(found(GATEWAY.replace("app: rating", "app: other")).join()).toContain(
      "Error IST0101 Gateway/edge spec.selector: selects no pod",
    );
  });
});
