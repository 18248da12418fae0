import { describe, expect, it } from "vitest";
import type { KubeObject } from "@bookmesh/kube-api";
import { objectStore } from "./object-store.ts";

const object = (name: string, value = 1): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "n" },
  value,
});

describe("objectStore", () => {
  it("keeps what events leave, in the order of names", () => {
    const store = objectStore();
    store.apply({ kind: "replaced", objects: [object("b"), object("a")] });
    store.apply({ kind: "stored", object: object("c") });
    store.apply({ kind: "deleted", object: object("b") });
    expect(store.list().map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
  });

  it.each([
    { name: "a new object", event: { kind: "stored", object: object("z") }, changed: true },
    { name: "the same object again", event: { kind: "stored", object: object("a") }, changed: false },
    { name: "a changed object", event: { kind: "stored", object: object("a", 2) }, changed: true },
    { name: "an unknown object's end", event: { kind: "deleted", object: object("z") }, changed: false },
    {
      name: "the same world",
      event: { kind: "replaced", objects: [object("a"), object("b")] },
      changed: false,
    },
    { name: "a smaller world", event: { kind: "replaced", objects: [object("a")] }, changed: true },
    {
      name: "another world",
      event: { kind: "replaced", objects: [object("a"), object("z")] },
      changed: true,
    },
  ] as const)("says whether $name changes anything: $changed", ({ event, changed }) => {
    const store = objectStore();
    store.apply({ kind: "replaced", objects: [object("a"), object("b")] });
    const before = store.list();
    expect(store.apply(event)).toBe(changed);
    expect(store.list() === before).toBe(!changed);
  });

  it("keeps the identity of objects that did not change", () => {
    const store = objectStore();
    store.apply({ kind: "stored", object: object("a") });
    const [first] = store.list();
    store.apply({ kind: "replaced", objects: [object("a"), object("b")] });
    expect(store.list()[0]).toBe(first);
  });
});
