import { TYPE_URLS } from "@bookmesh/xds-api";
import { describe, expect, it } from "vitest";
import { meshTranslator } from "./mesh-translator.ts";
import {
  CALLER,
  HOST,
  rating,
  RATING_V1,
  resourcesOf,
  subsets,
  toV1,
  WORLD,
} from "./testing/rating-world.ts";

describe("meshTranslator", () => {
  it("gives proxies of an equal view the same bytes", () => {
    const translator = meshTranslator();
    const one = translator.translate(WORLD, CALLER);
    const other = translator.translate(WORLD, RATING_V1);
    expect(other.get(TYPE_URLS.route)).toBe(one.get(TYPE_URLS.route));
    expect(other.get(TYPE_URLS.endpoint)).toBe(one.get(TYPE_URLS.endpoint));
    const name = `outbound|8080||${HOST}`;
    expect(other.get(TYPE_URLS.cluster)?.resources.get(name)).toBe(
      one.get(TYPE_URLS.cluster)?.resources.get(name),
    );
  });

  it("changes the version of what a change touches, and of nothing else", () => {
    const translator = meshTranslator();
    const world = { ...WORLD, destinationRules: [subsets] };
    const before = translator.translate(world, CALLER);
    const after = translator.translate({ ...world, virtualServices: [toV1] }, CALLER);
    const changed = Object.entries(TYPE_URLS)
      .filter(([, url]) => before.get(url)?.version !== after.get(url)?.version)
      .map(([type]) => type);
    expect(changed).toEqual(["route"]);
  });

  it("gives equal worlds equal versions, whatever it has seen before", () => {
    const before = meshTranslator().translate(WORLD, CALLER);
    const translator = meshTranslator();
    translator.translate({ ...WORLD, services: [] }, CALLER);
    translator.translate({ ...WORLD, virtualServices: [toV1] }, CALLER);
    const after = translator.translate({ ...WORLD }, CALLER);
    for (const url of Object.values(TYPE_URLS))
      expect(after.get(url)?.version).toBe(before.get(url)?.version);
  });

  it("has no clusters or routes for services that are not exported to the caller's namespace", () => {
    const hidden = {
      ...rating,
      metadata: { ...rating.metadata, annotations: { "networking.istio.io/exportTo": "." } },
    };
    const elsewhere = { ...CALLER, namespace: "elsewhere" };
    const names = Object.keys(resourcesOf("cluster", { services: [hidden] }, elsewhere));
    expect(names).toEqual(["PassthroughCluster", "BlackHoleCluster"]);
  });
});
