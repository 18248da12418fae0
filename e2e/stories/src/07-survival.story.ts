import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { articleDeployed, control, podNames, podsReady, ratings, readList } from "./harness/mesh.ts";

describe("What is killed comes back", () => {
  beforeAll(articleDeployed);

  it.each(["istio-proxy", "rating-service"])(
    "restarts a killed %s, and traffic comes back",
    async (container) => {
      const [pod = ""] = await podNames("app.kubernetes.io/version=v2.0.0");
      const before = await restarts(pod);
      await control("exec", pod, "-c", container, "--", "sh", "-c", 'kill -9 "$CONTAINER_PID"');
      await eventually(async () => expect(await restarts(pod)).toBeGreaterThan(before), {
        timeoutMs: 30_000,
      });
      await podsReady("app.kubernetes.io/version=v2.0.0", 1);
      await eventually(async () => {
        const seen = await ratings(6);
        expect(seen.filter((rating) => rating === 1)).toHaveLength(3);
        expect(seen).not.toContain("503");
      });
    },
  );

  it("goes on with its last configuration while istiod is away [F2]", async () => {
    await control("scale", "deployment", "istiod", "-n", "istio-system", "--replicas=0");
    await eventually(async () => expect(await podNames("app=istiod", "istio-system")).toEqual([]), {
      timeoutMs: 30_000,
    });
    expect(await ratings(8)).not.toContain("503");
    await control("scale", "deployment", "istiod", "-n", "istio-system", "--replicas=1");
    await podsReady("app=istiod", 1, "istio-system");
    expect(await ratings(8)).not.toContain("503");
  });
});

async function restarts(pod: string): Promise<number> {
  const [found] = (await readList(["get", "pods"])).filter(({ metadata }) => metadata.name === pod);
  return (found?.status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}
