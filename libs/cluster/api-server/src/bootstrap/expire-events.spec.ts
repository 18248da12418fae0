import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { openObjectStore } from "@bookmesh/registry";
import { describe, expect, it } from "vitest";
import { expireEvents } from "./expire-events.ts";

const NOW = Date.parse("2030-01-01T12:00:00Z");
const clock = { now: () => NOW, sleep: () => Promise.resolve() };

const event = (name: string, creationTimestamp: string, lastTimestamp?: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { namespace: "default", name, creationTimestamp },
  ...(lastTimestamp === undefined ? {} : { lastTimestamp }),
});

describe("expireEvents", () => {
  it("removes what has not been seen for an hour", () => {
    const store = openObjectStore(":memory:");
    store.put(RESOURCES.events, event("old", "2030-01-01T10:59:00Z"));
    store.put(RESOURCES.events, event("young", "2030-01-01T11:30:00Z"));
    store.put(RESOURCES.events, event("repeated", "2030-01-01T10:00:00Z", "2030-01-01T11:59:00Z"));
    expireEvents(store, clock)();
    expect(store.list(RESOURCES.events).map(({ metadata }) => metadata.name)).toEqual(["repeated", "young"]);
    store.close();
  });
});
