import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { killProcesses } from "./harness/kill-process.ts";
import { articleDeployed, control, podNames, podsReady, ratings, readList, TARGET } from "./harness/mesh.ts";

const RATING_V2 = "app.kubernetes.io/version=v2.0.0";

describe("What is killed comes back", () => {
  beforeAll(articleDeployed);

  it.for([
    { container: "istio-proxy", program: "sidecar-proxy.mjs" },
    { container: "rating-service", program: "rating-service.mjs" },
  ])("restarts a killed $container, and traffic comes back", async ({ program }, { skip }) => {
    const [pod = ""] = await podNames(RATING_V2);
    const before = await restarts(pod);
    const killed = killProcesses(pod, program);
    if (TARGET !== "laptop" && killed === 0) skip("The cluster's processes are not this machine's.");
    expect(killed).toBeGreaterThan(0);
    await eventually(async () => expect(await restarts(pod)).toBeGreaterThan(before), { timeoutMs: 30_000 });
    await podsReady(RATING_V2, 1);
    await trafficIsWell();
  });

  it("goes on with its last configuration while istiod is away [F2]", async () => {
    await control("scale", "deployment", "istiod", "-n", "istio-system", "--replicas=0");
    await eventually(async () => expect(await podNames("app=istiod", "istio-system")).toEqual([]), {
      timeoutMs: 30_000,
    });
    expect(await ratings(8)).not.toContain("503");
    await control("scale", "deployment", "istiod", "-n", "istio-system", "--replicas=1");
    await podsReady("app=istiod", 1, "istio-system");
    await trafficIsWell();
  });

  it("serves a new rating pod as soon as istiod knows it", async () => {
    const [pod = ""] = await podNames(RATING_V2);
    await control("delete", "pod", pod);
    await eventually(async () => expect(await podNames(RATING_V2)).not.toContain(pod), { timeoutMs: 60_000 });
    await podsReady(RATING_V2, 1);
    await trafficIsWell();
  });
});

async function trafficIsWell(): Promise<void> {
  await eventually(async () => {
    const seen = await ratings(6);
    expect(seen.filter((rating) => rating === 1)).toHaveLength(3);
    expect(seen).not.toContain("503");
  });
}

async function restarts(pod: string): Promise<number> {
  const [found] = (await readList(["get", "pods"])).filter(({ metadata }) => metadata.name === pod);
  return (found?.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}
