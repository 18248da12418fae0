import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { articleDeployed, ask, control, podNames, podsReady, readList } from "./harness/mesh.ts";

const V1 = "app.kubernetes.io/version=v1.0.0,app.kubernetes.io/name=rating-service";

describe("Elasticity", () => {
  beforeAll(articleDeployed);

  it("gives traffic to all five instances after scaling up [A4]", async () => {
    const printed = await control("scale", "deployment", "rating-service-v1", "--replicas=5");
    expect(printed).toBe("deployment.apps/rating-service-v1 scaled\n");
    await podsReady(V1, 5);
    await eventually(async () => {
      for (let index = 0; index < 24; index += 1) await ask("/book/1");
      for (const pod of await podNames(V1)) {
        expect(await control("logs", pod, "-c", "rating-service"), pod).toMatch(/^Request \d+$/m);
      }
    });
  });

  it("loses no request while it scales down again [A4]", async () => {
    const scaling = new AbortController();
    const statuses: number[] = [];
    const client = (async () => {
      while (!scaling.signal.aborted) statuses.push((await ask("/book/1")).status);
    })();
    await control("scale", "deployment", "rating-service-v1", "--replicas=1");
    await eventually(async () => expect(await readList(["get", "pods", "-l", V1])).toHaveLength(1), {
      timeoutMs: 60_000,
      intervalMs: 250,
    });
    scaling.abort();
    await client;
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });
});
