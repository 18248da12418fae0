import { edsCluster, endpointsOf, routesTo, secretOf, tlsListener } from "@bookmesh/proxy-config/testing";
import { err, ok } from "@bookmesh/kernel";
import { SECRET_TYPE_URL, TYPE_URLS } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { openStream } from "./discovery-state.ts";
import type { DiscoveryAnswer } from "./resource-set.ts";
import { restoreState, savedAnswers } from "./saved-configuration.ts";
import { visibleResources } from "./visible-resources.ts";

const PORTS = { nowMs: 1_000, random: () => 0, inspectKeyPair: () => ok([]) };

const ANSWERS: readonly DiscoveryAnswer[] = [
  { typeUrl: TYPE_URLS.cluster, resources: [edsCluster("a")] },
  { typeUrl: TYPE_URLS.endpoint, resources: [endpointsOf("a", "10.0.0.1")] },
  { typeUrl: TYPE_URLS.listener, resources: [tlsListener("l", "r", "kubernetes://shop")] },
  { typeUrl: TYPE_URLS.route, resources: [routesTo("r", { a: "a" })] },
  { typeUrl: SECRET_TYPE_URL, resources: [secretOf("kubernetes://shop")] },
].map((answer, index) => ({ ...answer, versionInfo: `v${index}`, nonce: "" }));

function stateOf(answers: readonly DiscoveryAnswer[]) {
  const state = restoreState(answers, PORTS);
  if (typeof state === "string") throw new Error(state);
  return state;
}

describe("a saved configuration", () => {
  it("comes back as it was, with its versions", () => {
    const state = stateOf(ANSWERS);
    expect(savedAnswers(state, { keepsSecrets: true })).toEqual(ANSWERS);
    expect(openStream(state).requests.map(({ versionInfo }) => versionInfo)).toEqual([
      "v0",
      "v1",
      "v2",
      "v3",
      "v4",
    ]);
  });

  it("serves without its secrets where these are not kept, and asks for them anew", () => {
    const answers = savedAnswers(stateOf(ANSWERS), { keepsSecrets: false }) ?? [];
    expect(JSON.stringify(answers.at(-1))).not.toContain("kubernetes");
    const state = stateOf(answers);
    expect(visibleResources(state, undefined)?.listeners.size).toBe(1);
    expect(openStream(state).requests.at(-1)).toMatchObject({
      resourceNames: ["kubernetes://shop"],
      versionInfo: "",
    });
  });

  it.each([0, 1, 2, 3, 4])("is not saved while answer %i of it is on its way", (missing) => {
    const state = stateOf(ANSWERS.filter((_, index) => index !== missing));
    expect(savedAnswers(state, { keepsSecrets: true })).toBeUndefined();
  });

  it("that this proxy refuses is not taken over", () => {
    const inspectKeyPair = () => err({ field: "private_key", problem: "is weak" } as const);
    expect(restoreState(ANSWERS, { ...PORTS, inspectKeyPair })).toBe(
      "secrets[kubernetes://shop].tls_certificate.private_key: is weak",
    );
  });
});
