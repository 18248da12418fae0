import { RESOURCES, type KubeObject, type Pod } from "@bookmesh/kube-api";
import { eventRecorder, type ControllerContext } from "@bookmesh/reconcile";
import { fakeAccess } from "@bookmesh/reconcile/fake-access";
import { jsonLogger, systemClock } from "@bookmesh/node-host";
import { eventually } from "@bookmesh/testkit";
import { describe, expect, it } from "vitest";
import { NODE_NAME } from "./cluster-objects.ts";
import { scheduler } from "./scheduler.ts";

const node = (unschedulable: boolean): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: NODE_NAME },
  spec: { unschedulable },
});

const pod = (name: string, owner?: string): Pod => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "default",
    ...(owner !== undefined && {
      ownerReferences: [{ apiVersion: "apps/v1", kind: owner, name: "x", uid: "x", controller: true }],
    }),
  },
  spec: { containers: [] },
});

describe("scheduler", () => {
  it("leaves pods of a cordoned node alone, but for a DaemonSet's, until it takes pods again", async () => {
    const access = fakeAccess();
    const logger = jsonLogger("scheduler-spec");
    const events = eventRecorder(access, systemClock, logger);
    const context: ControllerContext = { access, events, logger, clock: systemClock, random: () => 0 };
    const read = async (name: string) => access.get<Pod>(RESOURCES.pods, { namespace: "default", name });
    await access.create(RESOURCES.nodes, node(true));
    const running = scheduler(context);
    for (const each of [pod("web"), pod("agent", "DaemonSet")]) await access.create(RESOURCES.pods, each);
    await eventually(async () => {
      expect((await read("agent"))?.spec.nodeName).toBe(NODE_NAME);
      expect((await read("web"))?.status?.conditions).toMatchObject([
        { type: "PodScheduled", status: "False", reason: "Unschedulable" },
      ]);
    });
    expect((await read("web"))?.spec.nodeName).toBeUndefined();
    await access.update(RESOURCES.nodes, node(false));
    await eventually(async () => expect((await read("web"))?.spec.nodeName).toBe(NODE_NAME));
    running.stop();
    events.stop();
  });
});
