import type { HttpRoute } from "@bookmesh/mesh-api";
import { describe, expect, it } from "vitest";
import { rulesOf, type RouteContext } from "./route-inputs.ts";
import { toV1 } from "./testing/rating-world.ts";

const CONTEXT: RouteContext = {
  view: { namespace: "default", labels: { app: "book" }, wildcards: [] },
  reader: "mesh",
  port: 8080,
  serviceByHost: new Map(),
};

function rulesWith(http: HttpRoute) {
  return rulesOf({ ...toV1, spec: { hosts: ["rating"], http: [http] } }, CONTEXT);
}

const route = [{ destination: { host: "rating" } }];

describe("rulesOf", () => {
  it.each<{ name: string; match: NonNullable<HttpRoute["match"]>[number]; holds: boolean }>([
    { name: "the caller's labels", match: { sourceLabels: { app: "book" } }, holds: true },
    { name: "other labels", match: { sourceLabels: { app: "shop" } }, holds: false },
    { name: "the caller's namespace", match: { sourceNamespace: "default" }, holds: true },
    { name: "another namespace", match: { sourceNamespace: "other" }, holds: false },
    { name: "the port called", match: { port: 8080 }, holds: true },
    { name: "another port", match: { port: 80 }, holds: false },
    { name: "another gateway", match: { gateways: ["edge"] }, holds: false },
    {
      name: "the mesh, whose word on the caller is not asked for then",
      match: { gateways: ["mesh"], sourceLabels: { app: "shop" } },
      holds: true,
    },
  ])("asks for $name", ({ match, holds }) => {
    expect(rulesWith({ route, match: [match] })).toHaveLength(holds ? 1 : 0);
  });

  it("resolves the port of a redirect that is the request's", () => {
    expect(rulesWith({ redirect: { scheme: "https", derivePort: "FROM_REQUEST_PORT" } })).toMatchObject([
      { redirect: { scheme: "https", port: 8080 } },
    ]);
  });
});
