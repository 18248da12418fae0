import { RESOURCES, type Pod } from "@bookmesh/kube-api";
import { isObject } from "@bookmesh/kube-model";
import { objectField, textField } from "@bookmesh/registry";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../test-server.contract.ts";

const REVIEWS = "/apis/authentication.k8s.io/v1/tokenreviews";
const TOKENS = "/api/v1/namespaces/default/serviceaccounts/default/token";
const API = "https://kubernetes.default.svc.cluster.local";

let api: TestServer;
beforeAll(async () => void (api = await startTestServer()));
afterAll(() => api.close());

async function requestToken(spec: object = {}): Promise<string> {
  const answer = await api.call(TOKENS, { method: "POST", body: { spec } });
  expect(answer.status).toBe(201);
  const status = isObject(answer.json) ? objectField(answer.json, "status") : undefined;
  return (status && textField(status, "token")) ?? "";
}

async function review(token: string, audiences?: readonly string[]): Promise<unknown> {
  const spec = { token, ...(audiences ? { audiences } : {}) };
  const body = { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec };
  const { json } = await api.call(REVIEWS, { method: "POST", body });
  return isObject(json) ? json["status"] : undefined;
}

async function createPod(name: string): Promise<Pod> {
  return api.server.access.create<Pod>(RESOURCES.pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: "default", name },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
}

describe("service-account tokens", () => {
  it("let their account in", async () => {
    const token = await requestToken();
    expect((await api.call("/api/v1/namespaces", { token })).status).toBe(200);
    expect(await review(token)).toMatchObject({
      authenticated: true,
      audiences: [API],
      user: {
        username: "system:serviceaccount:default:default",
        groups: ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"],
      },
    });
  });

  it("are good for their audience alone", async () => {
    const token = await requestToken({ audiences: ["istio-ca"] });
    expect((await api.call("/api/v1/namespaces", { token })).status).toBe(401);
    expect(await review(token, ["istio-ca", "another"])).toMatchObject({
      authenticated: true,
      audiences: ["istio-ca"],
    });
    expect(await review(token)).toEqual({ user: {}, error: "invalid bearer token" });
  });

  it("outlive a restart", async () => {
    const token = await requestToken();
    await api.restart();
    expect((await api.call("/api/v1/namespaces", { token })).status).toBe(200);
  });

  it("end with the pod that they are bound to", async () => {
    const { metadata } = await createPod("bound");
    const { token } = await api.server.access.serviceAccountToken({
      namespace: "default",
      serviceAccount: "default",
      audiences: [],
      expirationSeconds: 3600,
      pod: { name: "bound", uid: metadata.uid ?? "" },
    });
    expect(await review(token)).toMatchObject({
      authenticated: true,
      user: { extra: { "authentication.kubernetes.io/pod-name": ["bound"] } },
    });
    await api.server.access.delete(
      RESOURCES.pods,
      { namespace: "default", name: "bound" },
      { gracePeriodSeconds: 0 },
    );
    expect(await review(token)).toMatchObject({ error: "invalid bearer token" });
  });

  it.each([
    {
      name: "its last character",
      change: (token: string) => token.slice(0, -1) + (token.endsWith("A") ? "B" : "A"),
    },
    {
      name: "its head",
      change: (token: string) => token.replace(/^[^.]+/, btoa('{"alg":"none"}').replace(/=+$/, "")),
    },
    { name: "its end", change: (token: string) => `${token}.x` },
  ])("do not hold with another $name", async ({ change }) => {
    expect(await review(change(await requestToken()))).toMatchObject({ error: "invalid bearer token" });
  });

  it("are refused for less than ten minutes", async () => {
    const answer = await api.call(TOKENS, { method: "POST", body: { spec: { expirationSeconds: 10 } } });
    expect(answer.status).toBe(422);
  });
});

describe("pods", () => {
  it("get their account's token mounted in every container", async () => {
    const { spec } = await createPod("mounted");
    const volume = spec.volumes?.[0]?.name ?? "";
    const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    expect(volume).toMatch(/^kube-api-access-[a-z0-9]{5}$/);
    expect(spec.serviceAccountName).toBe("default");
    expect(spec.containers[0]?.volumeMounts).toEqual([{ name: volume, readOnly: true, mountPath }]);
  });

  it("are refused with an account that is not there", async () => {
    const body = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "lost" },
      spec: { serviceAccountName: "nobody", containers: [{ name: "c", image: "x" }] },
    };
    const answer = await api.call("/api/v1/namespaces/default/pods", { method: "POST", body });
    expect(answer).toMatchObject({
      status: 403,
      json: {
        message:
          'pods "lost" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
      },
    });
  });
});
