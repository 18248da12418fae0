import { describe, expect, it } from "vitest";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { receive, sending, type AdsRequest, type Subscription } from "./subscription.ts";

const content = { typeUrl: TYPE_URLS.route, version: "v2", resources: new Map() };

function request(change: Partial<AdsRequest> = {}): AdsRequest {
  const base = {
    typeUrl: TYPE_URLS.route,
    resourceNames: new Set(["a"]),
    versionInfo: "",
    responseNonce: "",
  };
  return { ...base, ...change };
}

function sent(): Subscription {
  const [subscription] = receive(undefined, request(), 0);
  return sending(subscription, content, { nonce: "7", nowMs: 10 });
}

describe("receive", () => {
  it("takes the first request as a subscription whatever nonce it carries", () => {
    const [subscription, meaning] = receive(undefined, request({ responseNonce: "of an old stream" }), 0);
    expect(meaning).toBe("subscribe");
    expect(subscription).toMatchObject({ owed: true, pending: false, ackedVersion: "" });
  });

  it.each([
    { name: "an echoed nonce accepts", change: { responseNonce: "7" }, meaning: "ack", acked: "v2" },
    {
      name: "an echoed nonce with an error refuses",
      change: { responseNonce: "7", errorMessage: "no" },
      meaning: "nack",
      acked: "",
    },
    {
      name: "an older nonce changes nothing",
      change: { responseNonce: "6", resourceNames: new Set<string>() },
      meaning: "stale",
      acked: "",
    },
  ])("$name", ({ change, meaning, acked }) => {
    const [subscription, found] = receive(sent(), request(change), 20);
    expect(found).toBe(meaning);
    expect(subscription.ackedVersion).toBe(acked);
  });

  it("remembers a refusal until something newer is accepted", () => {
    const [refused] = receive(sent(), request({ responseNonce: "7", errorMessage: "no" }), 20);
    expect(refused.rejection).toEqual({ version: "v2", message: "no", atMs: 20 });
    const [repeated] = receive(refused, request({ responseNonce: "7" }), 30);
    expect(repeated.rejection).toBeDefined();
    const again = sending(repeated, content, { nonce: "8", nowMs: 40 });
    const [accepted] = receive(again, request({ responseNonce: "8" }), 50);
    expect(accepted.rejection).toBeUndefined();
  });

  it("owes an answer to the request that follows what it completes, once", () => {
    const [accepted] = receive(sent(), request({ responseNonce: "7" }), 20);
    const [asking] = receive({ ...accepted, completes: true }, request({ responseNonce: "7" }), 30);
    expect(asking.owed).toBe(true);
    const [answered] = receive(
      sending(asking, content, { nonce: "8", nowMs: 40 }),
      request({ responseNonce: "8" }),
      50,
    );
    expect(answered).toMatchObject({ owed: false, completes: false });
  });

  it.each([
    { name: "a new name is owed an answer", names: ["a", "b"], owed: true },
    { name: "fewer names are not", names: [], owed: false },
    { name: "the same names are not", names: ["a"], owed: false },
  ])("$name", ({ names, owed }) => {
    const [accepted] = receive(sent(), request({ responseNonce: "7" }), 20);
    const [changed] = receive(accepted, request({ responseNonce: "7", resourceNames: new Set(names) }), 30);
    expect(changed.owed).toBe(owed);
  });

  it.each([
    { name: "clusters by no name mean all", typeUrl: TYPE_URLS.cluster, names: [], expected: "all" },
    { name: "listeners by a star mean all", typeUrl: TYPE_URLS.listener, names: ["*"], expected: "all" },
    { name: "endpoints by no name mean none", typeUrl: TYPE_URLS.endpoint, names: [], expected: new Set() },
  ])("$name", ({ typeUrl, names, expected }) => {
    const [subscription] = receive(undefined, request({ typeUrl, resourceNames: new Set(names) }), 0);
    expect(subscription.names).toEqual(expected);
  });
});
