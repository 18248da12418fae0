import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { eventually } from "@bookmesh/testkit";
import { killProcesses } from "./harness/kill-process.ts";
import {
  ARTICLE,
  articleDeployed,
  control,
  podNames,
  podsReady,
  ratings,
  readList,
  TARGET,
  tryControl,
} from "./harness/mesh.ts";

const RATING_V2 = "app.kubernetes.io/version=v2.0.0";
const BOOK = "app.kubernetes.io/name=book-service";

/** A kubelet starts a container again after ten seconds, and later after twenty. */
const PATIENCE = { timeoutMs: 60_000 };

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

  describe("while istiod is away", () => {
    beforeAll(async () => {
      await control("scale", "deployment", "istiod", "-n", "istio-system", "--replicas=0");
      // One that is ending serves on for a while.
      await eventually(
        async () =>
          expect(await readList(["get", "pods", "-n", "istio-system", "-l", "app=istiod"])).toEqual([]),
        { timeoutMs: 60_000 },
      );
    });

    it("goes on with its last configuration [F2]", async () => {
      expect(await ratings(8)).not.toContain("503");
    });

    it.for([RATING_V2, BOOK])(
      "serves by its last good configuration when the sidecar of %s restarts [F2]",
      async (selector) => {
        const [pod = ""] = await podNames(selector);
        const before = await restarts(pod);
        await restartSidecar(pod);
        await eventually(async () => expect(await restarts(pod)).toBeGreaterThan(before), PATIENCE);
        await podsReady(selector, 1);
        expect(await control("logs", pod, "-c", "istio-proxy")).toContain(
          "serving by the last good configuration",
        );
        await trafficIsWell();
      },
    );

    it("refuses a pod that would run without its sidecar, and says whose answer is missing", async () => {
      const { code, stderr } = await tryControl(["apply", "-f", "-"], LONE_POD);
      expect([code, stderr]).toEqual([1, expect.stringContaining("failed calling webhook")]);
      expect(stderr).toContain("istiod");
    });

    it("refuses a rule that nobody could judge", async () => {
      const { code, stderr } = await tryControl(["apply", "-f", join(ARTICLE, "virtual-service-v1.yml")]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("failed calling webhook")]);
    });

    it("makes the pods that were held back as soon as istiod is there again", async () => {
      await control("scale", "deployment", "rating-service-v2", "--replicas=2");
      expect(await ratings(8)).not.toContain("503");
      await control("scale", "deployment", "istiod", "-n", "istio-system", "--replicas=1");
      await podsReady("app=istiod", 1, "istio-system");
      await podsReady(RATING_V2, 2);
      await control("scale", "deployment", "rating-service-v2", "--replicas=1");
      await podsReady(RATING_V2, 1);
      await trafficIsWell();
    });
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

/** As `kill -9` does where its process is this machine's; elsewhere the first process of a container bids us ask it. */
async function restartSidecar(pod: string): Promise<void> {
  if (killProcesses(pod, "sidecar-proxy.mjs") > 0) return;
  await tryControl([
    "exec",
    pod,
    "-c",
    "istio-proxy",
    "--",
    "sidecar-proxy",
    "request",
    "POST",
    "/quitquitquit",
  ]);
}

async function restarts(pod: string): Promise<number> {
  const [found] = (await readList(["get", "pods"])).filter(({ metadata }) => metadata.name === pod);
  const { containerStatuses = [], initContainerStatuses = [] } = found?.status ?? {};
  return [...containerStatuses, ...initContainerStatuses].reduce(
    (sum, { restartCount }) => sum + restartCount,
    0,
  );
}

const LONE_POD = `apiVersion: v1
kind: Pod
metadata: { name: held-back, namespace: default }
spec:
  containers:
  - name: app
    image: bookmesh/rating-service:v1.0.0
`;
