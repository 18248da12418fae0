import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../test-server.contract.ts";

const PODS = "/api/v1/namespaces/default/pods";
const BUDGETS = "/apis/policy/v1/namespaces/default/poddisruptionbudgets";
const POD_STATUS = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

let api: TestServer;
beforeAll(async () => void (api = await startTestServer()));
afterAll(() => api.close());

async function makePod(status: object = POD_STATUS): Promise<void> {
  const spec = { containers: [{ name: "web", image: "web" }] };
  const metadata = { name: "web", labels: { app: "web" } };
  await api.call(PODS, { method: "POST", body: { apiVersion: "v1", kind: "Pod", metadata, spec } });
  await api.call(`${PODS}/web/status`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { status },
  });
}

async function makeBudget(name: string, { status = {}, spec = {} } = {}): Promise<void> {
  const body = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name },
    spec: { selector: { matchLabels: { app: "web" } }, minAvailable: 2, ...spec },
  };
  await api.call(BUDGETS, { method: "POST", body });
  const counts = { observedGeneration: 1, expectedPods: 2, currentHealthy: 2, desiredHealthy: 2 };
  await api.call(`${BUDGETS}/${name}/status`, {
    method: "PATCH",
    contentType: "application/merge-patch+json",
    body: { status: { ...counts, disruptionsAllowed: 0, ...status } },
  });
}

const evict = (query = "", body: object = {}) =>
  api.call(`${PODS}/web/eviction${query}`, {
    method: "POST",
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web" }, ...body },
  });

beforeEach(async () => {
  await api.call(BUDGETS, { method: "DELETE" });
  await api.call(`${PODS}/web?gracePeriodSeconds=0`, { method: "DELETE" });
});

describe("an eviction", () => {
  it("deletes a pod that no budget protects", async () => {
    await makePod();
    expect(await evict()).toMatchObject({ status: 201, json: { kind: "Status", status: "Success" } });
    expect((await api.call(`${PODS}/web`)).status).toBe(404);
  });

  it.each([
    {
      name: "the budget has no room",
      cause: "The disruption budget web needs 2 healthy pods and has 2 currently",
    },
    {
      name: "the budget's newest form is not counted yet",
      status: { observedGeneration: 0, disruptionsAllowed: 1 },
      cause: "The disruption budget web is still being processed by the server.",
    },
  ])("is refused where $name", async ({ status, cause }) => {
    await makePod();
    await makeBudget("web", { ...(status && { status }) });
    expect(await evict()).toMatchObject({
      status: 429,
      json: {
        reason: "TooManyRequests",
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: { causes: [{ reason: "DisruptionBudget", message: cause }] },
      },
    });
    expect((await api.call(`${PODS}/web`)).status).toBe(200);
  });

  it("takes from a budget that has room, once", async () => {
    await makePod();
    const conditions = [{ type: "DisruptionAllowed", status: "True", reason: "SufficientPods" }];
    await makeBudget("web", { status: { disruptionsAllowed: 1, conditions } });
    expect((await evict("?dryRun=All")).status).toBe(201);
    expect((await evict()).status).toBe(201);
    expect((await api.call(`${BUDGETS}/web`)).json).toMatchObject({
      status: {
        disruptionsAllowed: 0,
        disruptedPods: { web: expect.any(String) as unknown },
        conditions: [{ status: "False", reason: "InsufficientPods" }],
      },
    });
  });

  it("is refused where two budgets protect the pod", async () => {
    await makePod();
    await makeBudget("web");
    await makeBudget("other");
    expect(await evict()).toMatchObject({
      status: 500,
      json: {
        message:
          "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      },
    });
  });

  it.each([
    { name: "has not started", pod: { phase: "Pending" }, budget: {} },
    { name: "has ended", pod: { phase: "Failed" }, budget: {} },
    { name: "is not ready, while enough others are", pod: { phase: "Running" }, budget: {} },
    {
      name: "is not ready and need not be",
      pod: { phase: "Running" },
      budget: {
        status: { currentHealthy: 1 },
        spec: { unhealthyPodEvictionPolicy: "AlwaysAllow" },
      },
    },
  ])("needs no room for a pod that $name", async ({ pod, budget }) => {
    await makePod(pod);
    await makeBudget("web", budget);
    expect((await evict()).status).toBe(201);
  });

  it("needs room for a pod that is not ready, where those that are ready are too few", async () => {
    await makePod({ phase: "Running" });
    await makeBudget("web", { status: { currentHealthy: 1 } });
    expect((await evict()).status).toBe(429);
  });

  it("obeys the options of its deletion", async () => {
    await makePod();
    expect((await evict("", { deleteOptions: { preconditions: { uid: "another" } } })).status).toBe(409);
    expect((await evict("", { deleteOptions: { dryRun: ["All"] } })).status).toBe(201);
    expect((await evict("", { metadata: { name: "other" } })).json).toMatchObject({
      code: 400,
      message: "name in URL does not match name in Eviction object",
    });
    expect((await api.call(`${PODS}/web`)).status).toBe(200);
  });
});
