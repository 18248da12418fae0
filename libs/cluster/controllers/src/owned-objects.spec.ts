import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { describe, expect, it } from "vitest";
import { ownershipGraph } from "./owned-objects.ts";

function object(uid: string, ...owners: readonly string[]): KubeObject {
  const ownerReferences = owners.map((owner) => ({ apiVersion: "v1", kind: "Pod", name: owner, uid: owner }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: uid, namespace: "default", uid, ownerReferences },
  };
}

describe("ownershipGraph", () => {
  it("returns what belonged to the removed object alone", () => {
    const graph = ownershipGraph();
    for (const one of [object("a"), object("b"), object("of-a", "a"), object("of-both", "a", "b")])
      graph.put(RESOURCES.pods, one);
    expect(graph.remove(object("a")).map(({ uid }) => uid)).toEqual(["of-a"]);
    expect(graph.remove(object("b")).map(({ uid }) => uid)).toContain("of-both");
  });

  it("finds objects whose owner went while nobody was looking", () => {
    const graph = ownershipGraph();
    graph.put(RESOURCES.pods, object("lost", "gone"));
    expect(graph.orphans().map(({ uid }) => uid)).toEqual(["lost"]);
  });

  it("forgets an owner that the object no longer names", () => {
    const graph = ownershipGraph();
    graph.put(RESOURCES.pods, object("a"));
    graph.put(RESOURCES.pods, object("child", "a"));
    graph.put(RESOURCES.pods, object("child"));
    expect(graph.remove(object("a"))).toEqual([]);
  });
});
