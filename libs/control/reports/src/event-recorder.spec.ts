import { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { silentLogger } from "@bookmesh/mesh-world/silent-logger";
import { describe, expect, it } from "vitest";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { eventually, manualClock } from "@bookmesh/testkit";
import { eventRecorder } from "./event-recorder.ts";

const REGARDING = {
  apiVersion: "networking.istio.io/v1",
  kind: "VirtualService",
  metadata: { name: "rating", namespace: "shop", uid: "u1" },
};

function recording() {
  const api = new FakeKubeApi();
  const clock = manualClock(1_000);
  const record = eventRecorder({ client: api.client(), clock, log: silentLogger(), instance: "istiod-1" });
  const tell = (message: string) =>
    record({ regarding: REGARDING, type: "Warning", reason: "Rejected", message });
  const events = async (): Promise<readonly KubeObject[]> => {
    await new Promise((resolve) => setImmediate(resolve));
    return (await api.client().list(RESOURCES.events)).items;
  };
  return { clock, tell, events };
}

describe("a recorder of events", () => {
  it("tells what is wrong with which object, and who says so", async () => {
    const { tell, events } = recording();
    tell("spec.http: must not be empty");
    expect(await events()).toMatchObject([
      {
        metadata: { namespace: "shop" },
        involvedObject: { kind: "VirtualService", namespace: "shop", name: "rating", uid: "u1" },
        ...{ type: "Warning", reason: "Rejected", message: "spec.http: must not be empty", count: 1 },
        ...{ firstTimestamp: "1970-01-01T00:00:01Z", reportingInstance: "istiod-1" },
      },
    ]);
  });

  it("counts what repeats itself, and writes that once a minute", async () => {
    const { clock, tell, events } = recording();
    for (let time = 0; time < 10; time += 1) tell("again");
    expect(await events()).toMatchObject([{ count: 1 }]);
    await clock.advance(60_000);
    tell("again");
    const seen = { count: 11, lastTimestamp: "1970-01-01T00:01:01Z" };
    await eventually(async () => expect(await events()).toMatchObject([seen]));
  });

  it("cuts a flood about one object", async () => {
    const { clock, tell, events } = recording();
    for (let time = 0; time < 100; time += 1) {
      tell(`problem ${time}`);
      await events();
    }
    expect(await events()).toHaveLength(25);
    await clock.advance(300_000);
    tell("one more");
    tell("and one more");
    expect(await events()).toHaveLength(26);
  });
});
