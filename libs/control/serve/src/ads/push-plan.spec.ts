import { describe, expect, it } from "vitest";
import { TYPE_URLS } from "@bookmesh/xds-api";
import { typedResources, type ProxyResources } from "@bookmesh/translate";
import { part } from "@bookmesh/translate/parts";
import { isInSync, planResponses, type Plan, type Subscriptions } from "./push-plan.ts";
import { resourceSets } from "./resource-sets.ts";
import { receive, type AdsRequest } from "./subscription.ts";

const { cluster, endpoint, listener, route } = TYPE_URLS;
const sets = resourceSets();

/** A proxy that answers, and the plans made for it. */
function proxy() {
  let subscriptions: Subscriptions = new Map();
  let nonce = 0;
  const nonces = new Map<string, string>();
  const last = new Map<string, string>();
  const request = (typeUrl: string, names: readonly string[] = [], change: Partial<AdsRequest> = {}) => {
    const resourceNames = new Set(names);
    const base = { typeUrl, resourceNames, versionInfo: "", responseNonce: nonces.get(typeUrl) ?? "" };
    const [next] = receive(subscriptions.get(typeUrl), { ...base, ...change }, 0);
    subscriptions = new Map([...subscriptions, [typeUrl, next]]);
  };
  const plan = (target: ProxyResources, impatient = false): Plan => {
    const nextNonce = () => String(++nonce);
    const made = planResponses({ subscriptions, target, impatient, sets, nextNonce, nowMs: 0 });
    subscriptions = made.subscriptions;
    for (const { content, nonce: given } of made.responses) {
      nonces.set(content.typeUrl, given);
      last.set(content.typeUrl, [...content.resources.keys()].join());
    }
    return made;
  };
  const isSynced = (target: ProxyResources) => isInSync({ subscriptions, target, sets });
  return { request, plan, isSynced, lastOf: (typeUrl: string) => last.get(typeUrl) };
}

/** Resources by type; what one says is written after a colon. */
function world(names: Readonly<Record<string, readonly string[]>>): ProxyResources {
  return new Map(
    Object.entries(names).map(([typeUrl, list]) => {
      const resources = list.map((text) => {
        const [name = ""] = text.split(":");
        return { name, version: part(new TextEncoder().encode(text)).version, any: new Uint8Array() };
      });
      return [typeUrl, typedResources(typeUrl, resources)];
    }),
  );
}

const responsesOf = ({ responses }: Plan) =>
  responses.map(({ content }) => [content.typeUrl, [...content.resources.keys()].sort().join()]);

const OLD = world({ [cluster]: ["a"], [endpoint]: ["a"], [listener]: ["l"], [route]: ["r:a"] });
const NEW = world({ [cluster]: ["b"], [endpoint]: ["b"], [listener]: ["l"], [route]: ["r:b"] });

const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  [endpoint, ["a"]],
  [route, ["r"]],
]);

/** A proxy that has accepted all of `OLD`. */
function settled() {
  const one = proxy();
  one.request(cluster);
  one.request(listener);
  one.request(route, ["r"]);
  one.request(endpoint, ["a"]);
  for (const typeUrl of [cluster, endpoint, listener, route]) {
    one.plan(OLD);
    one.request(typeUrl, NAMES.get(typeUrl));
  }
  return one;
}

describe("planResponses", () => {
  it("sends nothing to a proxy that has everything", () => {
    const one = settled();
    expect(responsesOf(one.plan(OLD))).toEqual([]);
    expect(one.isSynced(OLD)).toBe(true);
  });

  it("goes through clusters, endpoints and routes one by one, and trims the clusters last", () => {
    const one = settled();
    expect(responsesOf(one.plan(NEW))).toEqual([[cluster, "a,b"]]);
    expect(responsesOf(one.plan(NEW))).toEqual([]);
    one.request(cluster);
    expect(one.plan(NEW)).toMatchObject({ waiting: true });
    one.request(endpoint, ["a", "b"]);
    expect(responsesOf(one.plan(NEW))).toEqual([[endpoint, "b"]]);
    one.request(endpoint, ["a", "b"]);
    expect(responsesOf(one.plan(NEW))).toEqual([[route, "r"]]);
    expect(one.isSynced(NEW)).toBe(false);
    one.request(route, ["r"]);
    expect(responsesOf(one.plan(NEW))).toEqual([[cluster, "b"]]);
    one.request(cluster);
    expect(one.isSynced(NEW)).toBe(true);
  });

  it("keeps the old clusters of a proxy that refuses the routes", () => {
    const one = settled();
    one.plan(NEW);
    one.request(cluster);
    one.request(endpoint, ["a", "b"]);
    one.plan(NEW);
    one.request(endpoint, ["a", "b"]);
    one.plan(NEW);
    one.request(route, ["r"], { errorMessage: "no" });
    expect(responsesOf(one.plan(NEW))).toEqual([]);
    expect(one.isSynced(NEW)).toBe(false);
  });

  it("goes on without answers when patience ends", () => {
    const one = settled();
    one.plan(NEW);
    expect(responsesOf(one.plan(NEW, true))).toEqual([
      [endpoint, ""],
      [route, "r"],
    ]);
  });

  it("removes clusters at once when no route changes", () => {
    const one = settled();
    const trimmed = world({ [cluster]: [], [endpoint]: [], [listener]: ["l"], [route]: ["r:a"] });
    expect(responsesOf(one.plan(trimmed))).toEqual(
      [
        [cluster, ""],
        [endpoint, ""],
      ].slice(0, 1),
    );
  });

  it.each([
    { name: "what changed alone", clusters: ["a", "b"], sent: "b" },
    { name: "everything where the client warms another cluster", clusters: ["a:2", "b"], sent: "a,b" },
  ])("sends of endpoints $name", ({ clusters, sent }) => {
    const before = world({ [cluster]: ["a", "b"], [endpoint]: ["a", "b"] });
    const after = world({ [cluster]: clusters, [endpoint]: ["a", "b:2"] });
    const one = proxy();
    one.request(cluster);
    one.request(endpoint, ["a", "b"]);
    for (const target of [before, after]) {
      one.plan(target);
      one.request(cluster);
      one.plan(target);
      if (target === before) one.request(endpoint, ["a", "b"]);
    }
    expect(one.lastOf(endpoint)).toBe(sent);
    one.request(endpoint, ["a", "b"]);
    expect(one.isSynced(after)).toBe(true);
  });

  it("sends everything once more to a proxy that refused what changed", () => {
    const one = proxy();
    one.request(endpoint, ["a", "b"]);
    one.plan(world({ [endpoint]: ["a", "b"] }));
    one.request(endpoint, ["a", "b"]);
    one.plan(world({ [endpoint]: ["a", "b:2"] }));
    one.request(endpoint, ["a", "b"], { errorMessage: "no" });
    expect(responsesOf(one.plan(world({ [endpoint]: ["a", "b:3"] })))).toEqual([[endpoint, "a,b"]]);
  });

  it("answers a proxy that asks for one type alone", () => {
    const one = proxy();
    one.request(listener);
    expect(responsesOf(one.plan(OLD))).toEqual([[listener, "l"]]);
  });
});
