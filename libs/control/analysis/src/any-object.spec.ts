import { propertyRuns } from "@bookmesh/testkit";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { KubeObject } from "@bookmesh/kube-api";
import { ANALYZERS } from "./analyzers.ts";
import { meshAnalysis } from "./mesh-analysis.ts";
import { MESSAGE_TYPES } from "./message-types.ts";
import { objectsOf, RATING } from "./testing/findings-of.ts";
import { worldOf } from "./world/world-of.ts";

/** Kinds, and what their specs may have. */
const KINDS = [
  ["v1", "Namespace", []],
  ["v1", "Service", ["selector", "ports"]],
  ["v1", "Pod", ["containers"]],
  ["apps/v1", "Deployment", ["template"]],
  ["networking.istio.io/v1", "VirtualService", ["hosts", "gateways", "http"]],
  ["networking.istio.io/v1", "DestinationRule", ["host", "subsets"]],
  ["networking.istio.io/v1", "Gateway", ["selector", "servers"]],
] as const;

/** A word that some field may expect, or anything at all. */
const word = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("rating", "mesh", "http", "v1", "app", "8080") },
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom("*", "", "1s"), fc.jsonValue({ maxDepth: 1 })) },
);
const host = fc.record(
  { host: word, subset: word, port: fc.record({ number: fc.nat(9_000) }) },
  { requiredKeys: [] },
);
const http = fc.record(
  {
    match: fc.array(
      fc.record({ uri: fc.dictionary(fc.constantFrom("exact", "prefix", "regex"), word, { maxKeys: 1 }) }),
      { maxLength: 2 },
    ),
    route: fc.array(
      fc.record({ destination: host, weight: fc.nat(100) }, { requiredKeys: ["destination"] }),
      { maxLength: 2 },
    ),
    mirror: host,
  },
  { requiredKeys: [] },
);
const spec = fc.record(
  {
    hosts: fc.array(word, { maxLength: 2 }),
    gateways: fc.array(word, { maxLength: 2 }),
    http: fc.array(http, { maxLength: 3 }),
    host: word,
    subsets: fc.array(
      fc.record({ name: word, labels: fc.dictionary(fc.constantFrom("app", "version"), word) }),
      { maxLength: 2 },
    ),
    selector: fc.dictionary(fc.constantFrom("app", "istio"), word),
    servers: fc.array(
      fc.record({
        port: fc.record({ number: fc.nat(9_000), name: word, protocol: word }),
        hosts: fc.array(word),
      }),
      { maxLength: 2 },
    ),
    ports: fc.array(
      fc.record({ port: fc.oneof(fc.nat(9_000), word), name: word, targetPort: word }, { requiredKeys: [] }),
      {
        maxLength: 2,
      },
    ),
    containers: fc.array(fc.record({ name: word, securityContext: word }, { requiredKeys: [] }), {
      maxLength: 2,
    }),
    template: fc.oneof(word, fc.record({ metadata: word, spec: fc.record({ containers: fc.constant([]) }) })),
  },
  { requiredKeys: [] },
);
const labels = fc.option(
  fc.dictionary(fc.constantFrom("app", "istio-injection", "sidecar.istio.io/inject"), word),
  {
    nil: undefined,
  },
);
const object = fc
  .record({ kind: fc.constantFrom(...KINDS), spec, annotations: labels, labels })
  .map(({ kind: [apiVersion, kind, fields], spec: all, ...metadata }) => {
    const own = Object.fromEntries(
      Object.entries(all).filter(([field]) => fields.some((each) => each === field)),
    );
    // Whatever stands in a file.
    return {
      ...{ apiVersion, kind, spec: own },
      metadata: { name: "any", namespace: "default", ...metadata },
    } as unknown as KubeObject;
  });

describe("analysis", () => {
  it("has a word for any object, and never throws", () => {
    let valid = 0;
    fc.assert(
      fc.property(fc.array(object, { minLength: 1, maxLength: 4 }), (any) => {
        const analysis = meshAnalysis(ANALYZERS);
        const objects = [...objectsOf(RATING), ...any];
        const world = worldOf(objects.filter((each) => analysis.validate(each).isValid));
        for (const each of objects) {
          for (const { code } of analysis.findings(each, world)) expect(MESSAGE_TYPES).toHaveProperty(code);
          if (any.includes(each) && analysis.validate(each).isValid) valid += 1;
        }
      }),
      propertyRuns(500),
    );
    // Objects that are all refused would prove nothing.
    expect(valid).toBeGreaterThan(20);
  });
});
