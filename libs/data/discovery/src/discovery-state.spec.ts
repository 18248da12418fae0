import {
  edsCluster,
  endpointsOf,
  rdsListener,
  routesTo,
  secretOf,
  tlsListener,
} from "@bookmesh/proxy-config/testing";
import { ok } from "@bookmesh/kernel";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import { ClusterSchema, SECRET_TYPE_URL, SecretSchema, TYPE_URLS } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import {
  emptyDiscoveryState,
  openStream,
  receive,
  type DiscoveryState,
  type DiscoveryStep,
} from "./discovery-state.ts";
import { visibleResources, warmingOf } from "./visible-resources.ts";

type Kind = keyof DiscoveryState;

const URLS = { ...TYPE_URLS, secret: SECRET_TYPE_URL };

/** Sends one response after the other to a state; returns it with the requests of the last one. */
function after(state: DiscoveryState, ...answers: readonly (readonly [Kind, version: string, ...Any[]])[]) {
  let step: DiscoveryStep = { state, requests: [] };
  for (const [index, [kind, versionInfo, ...resources]] of answers.entries()) {
    const answer = { typeUrl: URLS[kind], versionInfo, nonce: `n${index + 1}`, resources };
    step = receive(step.state, answer, {
      nowMs: 1_000,
      random: () => 0,
      inspectKeyPair: () => ok([]),
    });
  }
  return step;
}

const COMPLETE = [
  ["cluster", "1", edsCluster("a")],
  ["endpoint", "1", endpointsOf("a", "10.0.0.1")],
  ["listener", "1", rdsListener("l", "r")],
  ["route", "1", routesTo("r", { a: "a" })],
] as const;

const BROKEN = anyPack(ClusterSchema, create(ClusterSchema, { name: "b", healthChecks: [{}] }));

describe("discovery", () => {
  it("asks for clusters and listeners first, and for the rest by name", () => {
    const opened = openStream(emptyDiscoveryState());
    expect(opened.requests.map(({ typeUrl }) => typeUrl)).toEqual([TYPE_URLS.cluster, TYPE_URLS.listener]);
    const { requests } = after(opened.state, ["cluster", "1", edsCluster("b"), edsCluster("a")]);
    expect(requests).toEqual([
      { typeUrl: TYPE_URLS.cluster, resourceNames: [], versionInfo: "1", responseNonce: "n1" },
      { typeUrl: TYPE_URLS.endpoint, resourceNames: ["a", "b"], versionInfo: "", responseNonce: "" },
    ]);
  });

  it("refuses by echoing the new nonce with the version it keeps", () => {
    const { state, requests } = after(
      emptyDiscoveryState(),
      ["cluster", "1", edsCluster("a")],
      ["cluster", "2", BROKEN],
    );
    expect(requests).toEqual([
      {
        typeUrl: TYPE_URLS.cluster,
        resourceNames: [],
        versionInfo: "1",
        responseNonce: "n2",
        errorDetail: "clusters[b].health_checks: is not supported by this proxy",
      },
    ]);
    expect([...state.cluster.accepted.keys()]).toEqual(["a"]);
    expect(state.cluster.rejected.get("b")?.details).toContain("health_checks");
  });

  it("forgets a refusal once the next response is good", () => {
    const { state } = after(
      emptyDiscoveryState(),
      ["cluster", "1", BROKEN],
      ["cluster", "2", edsCluster("a")],
    );
    expect(state.cluster.rejected.size).toBe(0);
  });

  it("refuses bytes that are no such resource", () => {
    const { requests } = after(emptyDiscoveryState(), ["cluster", "1", rdsListener("l", "r")]);
    expect(requests[0]?.errorDetail).toContain("cannot be read as");
  });

  it("resumes a stream with its versions and without nonces", () => {
    const { state } = after(emptyDiscoveryState(), ...COMPLETE);
    const { requests } = openStream(state);
    expect(
      requests.map(({ typeUrl, versionInfo, responseNonce }) => [typeUrl, versionInfo, responseNonce]),
    ).toEqual([
      [TYPE_URLS.cluster, "1", ""],
      [TYPE_URLS.endpoint, "1", ""],
      [TYPE_URLS.listener, "1", ""],
      [TYPE_URLS.route, "1", ""],
    ]);
  });

  it("keeps a resource whose bytes did not change", () => {
    const first = after(emptyDiscoveryState(), ["cluster", "1", edsCluster("a")]).state;
    const second = after(first, ["cluster", "2", edsCluster("a"), edsCluster("b")]).state;
    expect(second.cluster.accepted.get("a")).toBe(first.cluster.accepted.get("a"));
  });
});

describe("warming", () => {
  it.each([
    { name: "clusters", answers: COMPLETE.slice(1) },
    { name: "endpoints", answers: COMPLETE.filter(([kind]) => kind !== "endpoint") },
    { name: "listeners", answers: COMPLETE.filter(([kind]) => kind !== "listener") },
    { name: "routes", answers: COMPLETE.filter(([kind]) => kind !== "route") },
  ])("shows nothing as long as the first $name are missing", ({ answers }) => {
    expect(visibleResources(after(emptyDiscoveryState(), ...answers).state, undefined)).toBeUndefined();
  });

  it("shows everything once it is complete", () => {
    const shown = visibleResources(after(emptyDiscoveryState(), ...COMPLETE).state, undefined);
    expect(shown && [...shown.listeners.keys(), ...shown.routes.keys(), ...shown.clusters.keys()]).toEqual([
      "l",
      "r",
      "a",
    ]);
  });

  it("leaves routes as they are until the cluster that they newly lead to has endpoints", () => {
    const first = after(emptyDiscoveryState(), ...COMPLETE).state;
    const shown = visibleResources(first, undefined);
    const moved = after(
      first,
      ["cluster", "2", edsCluster("a"), edsCluster("b")],
      ["route", "2", routesTo("r", { a: "b" })],
    ).state;
    expect([...warmingOf(moved).clusters]).toEqual(["b"]);
    expect(visibleResources(moved, shown)?.routes.get("r")).toBe(shown?.routes.get("r"));
    const warmed = after(moved, ["endpoint", "2", endpointsOf("b", "10.0.0.2")]).state;
    expect(visibleResources(warmed, shown)?.routes.get("r")).not.toBe(shown?.routes.get("r"));
  });

  it("keeps a listener until the routes of its new version are there", () => {
    const first = after(emptyDiscoveryState(), ...COMPLETE).state;
    const shown = visibleResources(first, undefined);
    const changed = after(first, ["listener", "2", rdsListener("l", "other")]).state;
    expect(visibleResources(changed, shown)?.listeners.get("l")).toBe(shown?.listeners.get("l"));
  });
});

describe("certificates", () => {
  const secure = tlsListener("l", "r", "kubernetes://shop");
  const begun = [...COMPLETE.filter(([kind]) => kind !== "listener"), ["listener", "1", secure]] as const;

  it("are asked for by the names that listeners give", () => {
    const { requests } = after(emptyDiscoveryState(), ["listener", "1", secure]);
    expect(requests.at(-1)).toMatchObject({
      typeUrl: SECRET_TYPE_URL,
      resourceNames: ["kubernetes://shop"],
    });
  });

  it("are waited for until the control plane has answered, with them or without", () => {
    const { state } = after(emptyDiscoveryState(), ...begun);
    expect([...warmingOf(state).listeners]).toEqual(["l"]);
    expect(visibleResources(state, undefined)).toBeUndefined();
    for (const secrets of [[], [secretOf("kubernetes://shop")]]) {
      const answered = after(state, ["secret", "1", ...secrets]).state;
      expect(visibleResources(answered, undefined)?.secrets.size).toBe(secrets.length);
    }
  });

  it("stand alone: a bad one is refused by name, and the others are taken", () => {
    const { state } = after(emptyDiscoveryState(), ...begun);
    const bad = anyPack(SecretSchema, create(SecretSchema, { name: "kubernetes://bad" }));
    const step = after(state, ["secret", "1", bad, secretOf("kubernetes://shop")]);
    expect([...step.state.secret.accepted.keys()]).toEqual(["kubernetes://shop"]);
    expect(step.requests).toMatchObject([
      { versionInfo: "", errorDetail: "secrets[kubernetes://bad]: must be a tls_certificate" },
    ]);
  });
});
