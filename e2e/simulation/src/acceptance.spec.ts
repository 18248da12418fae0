import { worldOf } from "@bookmesh/analysis";
import * as fc from "fast-check";
import type { KubeObject } from "@bookmesh/kube-api";
import { validateMeshResource } from "@bookmesh/mesh-api";
import { simulatedMesh } from "@bookmesh/simulation";
import { propertyRuns, seededRandom } from "@bookmesh/testkit";
import { describe, expect, it } from "vitest";
import { RATING } from "./book-shop.ts";
import { anyHttpRoute, anyTrafficPolicy } from "./careless-author.ts";
import { readObjects } from "./read-objects.ts";

const VIEW = { namespace: "default", labels: {}, podIp: "127.16.9.9", applicationAddress: "127.144.9.9" };
const SERVICES = readObjects(RATING);
const RUNS = propertyRuns(400);
const PROOF_MS = 1_200_000;

/** Whether the webhook takes a rule; where it does the sidecar must take what is made of it, or this throws. */
function isTaken(rule: KubeObject): boolean {
  if (validateMeshResource(rule).errors.length > 0) return false;
  simulatedMesh(worldOf([...SERVICES, rule]), seededRandom(1)).proxy(VIEW);
  return true;
}

function rule(kind: string, spec: object): KubeObject {
  const metadata = { name: "rating", namespace: "default" };
  return { apiVersion: "networking.istio.io/v1", kind, metadata, spec };
}

/** One rule that a sidecar refuses would keep every other change from it. */
describe("whatever the webhook takes, the sidecar takes", { timeout: PROOF_MS }, () => {
  it.each([
    {
      kind: "VirtualService",
      specs: fc
        .array(anyHttpRoute, { minLength: 1, maxLength: 2 })
        .map((http) => ({ hosts: ["rating"], http })),
    },
    {
      kind: "DestinationRule",
      specs: fc.tuple(anyTrafficPolicy, anyTrafficPolicy).map(([trafficPolicy, own]) => ({
        host: "rating",
        trafficPolicy,
        subsets: [{ name: "v1", trafficPolicy: own }],
      })),
    },
  ])("$kind", ({ kind, specs }) => {
    let taken = 0;
    const takes = fc.property(specs, (spec: object) => {
      if (isTaken(rule(kind, spec))) taken += 1;
    });
    fc.assert(takes, RUNS);
    // Rules that are all refused would prove nothing.
    expect(taken).toBeGreaterThan(RUNS.numRuns / 10);
  });
});
