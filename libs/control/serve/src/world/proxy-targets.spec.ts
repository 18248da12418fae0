import { describe, expect, it } from "vitest";
import { snapshotCell } from "@bookmesh/kernel";
import type { Pod } from "@bookmesh/kube-api";
import type { MeshWorld } from "@bookmesh/mesh-world";
import type { ProxyView } from "@bookmesh/translate";
import { parseNodeId } from "../ads/caller.ts";
import type { ConnectedNode } from "../ads/connected-node.ts";
import { prepareTargets, proxyTargets } from "./proxy-targets.ts";

const pod = (namespace: string, name: string, ip: string): Pod => ({
  ...{ apiVersion: "v1", kind: "Pod" },
  metadata: { name, namespace, labels: { app: name } },
  spec: { containers: [] },
  status: { phase: "Running", podIP: ip, podIPs: [{ ip }] },
});

/** A world of these pods; nothing else of it is looked at. */
const world = (...pods: readonly Pod[]) => ({ snapshot: { pods }, sinceMs: 7 }) as unknown as MeshWorld;

function node(id: string): ConnectedNode {
  const parsed = parseNodeId(id);
  if (!parsed.ok) throw new Error(parsed.error);
  return { id, parsed: parsed.value, caller: undefined, metadata: { INSTANCE_IPS: "10.0.0.9" } };
}

const ID = "sidecar~10.0.0.1~a.shop~shop.svc.cluster.local";

/** A translation that notes the views that it was asked for. */
function noting() {
  const views: ProxyView[] = [];
  return {
    views,
    translate: (_snapshot: unknown, view: ProxyView) => {
      views.push(view);
      return new Map();
    },
  };
}

describe("proxyTargets", () => {
  it("translates once for proxies of an equal view, and anew for another world", () => {
    const cell = snapshotCell(world(pod("shop", "a", "10.0.0.1")));
    const { views, translate } = noting();
    const targetOf = proxyTargets(cell, translate);
    const [one, again] = [node(ID), node(ID)];
    expect(targetOf(one)).toBe(targetOf(again));
    expect(targetOf(one)).toMatchObject({ sinceMs: 7 });
    expect(views).toHaveLength(1);
    cell.replace(world(pod("shop", "a", "10.0.0.1")));
    targetOf(one);
    expect(views).toHaveLength(2);
  });

  it("has the very same view of a proxy as long as its pod is the same", () => {
    const [same, other] = [pod("shop", "a", "10.0.0.1"), pod("shop", "b", "10.0.0.2")];
    const cell = snapshotCell(world(same));
    const { views, translate } = noting();
    const targetOf = proxyTargets(cell, translate);
    const proxy = node(ID);
    targetOf(proxy);
    cell.replace(world(same, other));
    targetOf(proxy);
    cell.replace(world({ ...same, metadata: { ...same.metadata, labels: { app: "new" } } }));
    targetOf(proxy);
    const [first, second, third] = views;
    expect(second).toBe(first);
    expect(third).toMatchObject({ labels: { app: "new" } });
  });
});

describe("prepareTargets", () => {
  it("translates for a running pod of the namespace that has most", () => {
    const { views, translate } = noting();
    const done = ["c", "d", "e"].map((name): Pod => ({
      ...pod("jobs", name, ""),
      status: { phase: "Succeeded" },
    }));
    const running = [
      pod("other", "z", "10.0.1.1"),
      pod("shop", "a", "10.0.0.1"),
      pod("shop", "b", "fd00::2"),
    ];
    prepareTargets(world(...done, ...running), translate);
    expect(views).toEqual([
      {
        ...{ namespace: "shop", labels: { app: "a" }, podIp: "10.0.0.1" },
        ...{ applicationAddress: "127.0.0.1", wildcards: ["0.0.0.0"] },
      },
    ]);
  });

  it("does nothing where nothing runs", () => {
    const { views, translate } = noting();
    prepareTargets(world(), translate);
    expect(views).toEqual([]);
  });
});
