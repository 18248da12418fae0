import type { HttpRoute, VirtualService } from "@bookmesh/mesh-api";
import { describe, expect, it } from "vitest";
import { withDelegates } from "./delegates.ts";

function ruleOf(name: string, spec: VirtualService["spec"], namespace = "default"): VirtualService {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name, namespace },
    spec,
  };
}

const rating = [{ destination: { host: "rating" } }];

/** The routes of a rule that delegates one of its own. */
function merged(outer: HttpRoute, own: HttpRoute) {
  const root = ruleOf("root", {
    hosts: ["shop"],
    http: [{ ...outer, delegate: { name: "own", namespace: "team" } }],
  });
  const [rule] = withDelegates([root, ruleOf("own", { http: [own] }, "team")]);
  return rule?.spec.http;
}

describe("withDelegates", () => {
  it("leaves a rule that delegates nothing as it is", () => {
    const rule = ruleOf("plain", { hosts: ["shop"], http: [{ route: rating }] });
    expect(withDelegates([rule])[0]).toBe(rule);
  });

  it("puts the delegate's routes in the place of the one that names it, with what that says besides", () => {
    expect(
      merged(
        { name: "out", timeout: "5s", retries: { attempts: 1 } },
        { name: "in", timeout: "1s", route: rating },
      ),
    ).toEqual([
      {
        name: "out-in",
        timeout: "1s",
        retries: { attempts: 1 },
        match: [],
        route: [{ destination: { host: "rating.team.svc.cluster.local" } }],
      },
    ]);
  });

  it.each<{ name: string; outer: HttpRoute["match"]; own: HttpRoute["match"]; match: object[] | undefined }>([
    {
      name: "a longer prefix",
      outer: [{ name: "a", uri: { prefix: "/a" } }],
      own: [{ name: "b", uri: { prefix: "/a/b" } }],
      match: [{ name: "a-b", uri: { prefix: "/a/b" } }],
    },
    {
      name: "further headers",
      outer: [{ headers: { one: { exact: "1" } } }],
      own: [{ headers: { two: { exact: "2" } } }],
      match: [{ headers: { one: { exact: "1" }, two: { exact: "2" } } }],
    },
    {
      name: "no condition of its own",
      outer: [{ uri: { exact: "/a" } }],
      own: undefined,
      match: [{ uri: { exact: "/a" } }],
    },
    {
      name: "another prefix",
      outer: [{ uri: { prefix: "/a" } }],
      own: [{ uri: { prefix: "/b" } }],
      match: undefined,
    },
    { name: "another port", outer: [{ port: 80 }], own: [{ port: 81 }], match: undefined },
    {
      name: "an expression in a prefix",
      outer: [{ uri: { prefix: "/a" } }],
      own: [{ uri: { regex: "/a.*" } }],
      match: undefined,
    },
  ])("takes a delegate's route only within the conditions: $name", ({ outer = [], own = [], match }) => {
    const routes = merged({ match: outer }, { match: own, route: rating });
    expect(routes).toMatchObject(match === undefined ? [] : [{ match }]);
  });

  it.each([
    { name: "that is not there", delegates: [] },
    {
      name: "that is not exported",
      delegates: [ruleOf("own", { exportTo: ["."], http: [{ route: rating }] }, "team")],
    },
    {
      name: "that has hosts",
      delegates: [ruleOf("own", { hosts: ["x"], http: [{ route: rating }] }, "team")],
    },
  ])("leaves out the route of a delegate $name", ({ delegates }) => {
    const http = [{ delegate: { name: "own", namespace: "team" } }, { route: rating }];
    const [rule] = withDelegates([ruleOf("root", { hosts: ["shop"], http }), ...delegates]);
    expect(rule?.spec.http).toEqual([{ route: rating }]);
  });
});
