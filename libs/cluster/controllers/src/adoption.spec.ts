import { RESOURCES, type KubeObject, type OwnerReference } from "@bookmesh/kube-api";
import { fakeAccess } from "@bookmesh/reconcile/fake-access";
import { describe, expect, it } from "vitest";
import { claim } from "./adoption.ts";

const owner = {
  apiVersion: "apps/v1",
  kind: "ReplicaSet",
  metadata: { name: "web", namespace: "default", uid: "of-web" },
  spec: { selector: { matchLabels: { app: "web" } } },
};

function reference(uid: string): OwnerReference {
  return { apiVersion: "apps/v1", kind: "ReplicaSet", name: uid, uid, controller: true };
}

describe("claim", () => {
  it.each([
    {
      name: "adopts what it selects",
      labels: { app: "web" },
      owners: [],
      isClaimed: true,
      after: ["of-web"],
    },
    { name: "leaves what it does not select", labels: { app: "x" }, owners: [], isClaimed: false, after: [] },
    {
      name: "leaves what another controls",
      labels: { app: "web" },
      owners: ["of-other"],
      isClaimed: false,
      after: ["of-other"],
    },
    { name: "keeps its own", labels: { app: "web" }, owners: ["of-web"], isClaimed: true, after: ["of-web"] },
    { name: "lets go of what it selected", labels: {}, owners: ["of-web"], isClaimed: false, after: [] },
  ])("$name", async ({ labels, owners, isClaimed, after }) => {
    const access = fakeAccess();
    const created = await access.create<KubeObject>(RESOURCES.pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "web-1", namespace: "default", labels, ownerReferences: owners.map(reference) },
    });
    const claimed = await claim(
      access,
      { owner, resource: RESOURCES.replicaSets },
      { resource: RESOURCES.pods, objects: [created] },
    );
    const pod = await access.get(RESOURCES.pods, { namespace: "default", name: "web-1" });
    expect(claimed).toHaveLength(isClaimed ? 1 : 0);
    expect(pod?.metadata.ownerReferences?.map(({ uid }) => uid) ?? []).toEqual(after);
  });
});
