import { FakeKubeApi } from "@bookmesh/mesh-world/fake-kube-api";
import { describe, expect, it } from "vitest";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import { manualClock } from "@bookmesh/testkit";
import { tokenAuthenticator } from "./token-authenticator.ts";

const GOOD = {
  authenticated: true,
  audiences: ["istio-ca"],
  user: {
    username: "system:serviceaccount:default:rating",
    extra: { "authentication.kubernetes.io/pod-name": ["rating-1"] },
  },
};

function authenticator(status: object) {
  const api = new FakeKubeApi();
  const asked: KubeObject[] = [];
  api.onCreate(RESOURCES.tokenReviews, (question) => {
    asked.push(question);
    return { ...question, status };
  });
  const clock = manualClock();
  return { authenticate: tokenAuthenticator(api.client(), clock), asked, clock };
}

describe("tokenAuthenticator", () => {
  it("names namespace, service account and pod", async () => {
    const { authenticate, asked } = authenticator(GOOD);
    const value = { namespace: "default", serviceAccount: "rating", podName: "rating-1" };
    expect(await authenticate("t")).toEqual({ ok: true, value });
    expect(asked[0]?.["spec"]).toEqual({ token: "t", audiences: ["istio-ca"] });
  });

  it("asks once for a while, then again", async () => {
    const { authenticate, asked, clock } = authenticator(GOOD);
    await authenticate("t");
    await authenticate("t");
    expect(asked).toHaveLength(1);
    await clock.advance(31_000);
    await authenticate("t");
    expect(asked).toHaveLength(2);
  });

  it.each([
    { name: "not authenticated", status: { authenticated: false } },
    { name: "for another audience", status: { ...GOOD, audiences: ["api"] } },
    { name: "without audiences", status: { ...GOOD, audiences: undefined } },
    { name: "of a user", status: { ...GOOD, user: { username: "admin" } } },
  ])("refuses a token that is $name, and does not remember it", async ({ status }) => {
    const { authenticate, asked } = authenticator(status);
    expect((await authenticate("t")).ok).toBe(false);
    expect((await authenticate("t")).ok).toBe(false);
    expect(asked).toHaveLength(2);
  });

  it("refuses a token that is too long without asking", async () => {
    const { authenticate, asked } = authenticator(GOOD);
    expect((await authenticate("t".repeat(20_000))).ok).toBe(false);
    expect(asked).toHaveLength(0);
  });
});
