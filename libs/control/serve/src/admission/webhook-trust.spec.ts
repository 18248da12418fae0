import { describe, expect, it } from "vitest";
import type { Webhook, WebhookConfiguration } from "@bookmesh/kube-api";
import { awaitsProof, webhookPatch } from "./webhook-trust.ts";

const service = { namespace: "istio-system", name: "istiod" };
const aims = { service, caBundle: "Um9vdA==", isProven: true };

function webhook(change: Partial<Webhook> = {}): Webhook {
  return {
    name: "ours",
    clientConfig: { service: { ...service, path: "/validate" }, caBundle: aims.caBundle },
    failurePolicy: "Ignore",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    ...change,
  };
}

function configuration(
  webhooks: readonly Webhook[],
  kind: WebhookConfiguration["kind"] = "ValidatingWebhookConfiguration",
): WebhookConfiguration {
  return { apiVersion: "admissionregistration.k8s.io/v1", kind, metadata: { name: "c" }, webhooks };
}

const guard = { op: "test", path: "/webhooks/0/name", value: "ours" };
const caBundle = { op: "add", path: "/webhooks/0/clientConfig/caBundle", value: aims.caBundle };
const failClosed = { op: "replace", path: "/webhooks/0/failurePolicy", value: "Fail" };

describe("webhookPatch", () => {
  it.each([
    {
      name: "writes a missing root",
      of: configuration([webhook({ clientConfig: { service }, failurePolicy: "Fail" })]),
      patch: [guard, caBundle],
    },
    {
      name: "replaces another root, and fails closed",
      of: configuration([webhook({ clientConfig: { service, caBundle: "b2xk" } })]),
      patch: [guard, caBundle, failClosed],
    },
    {
      name: "leaves the injector's policy to the installation",
      of: configuration([webhook()], "MutatingWebhookConfiguration"),
      patch: [],
    },
    {
      name: "leaves what is right",
      of: configuration([webhook({ failurePolicy: "Fail" })]),
      patch: [],
    },
    {
      name: "leaves other people's webhooks",
      of: configuration([
        webhook({ clientConfig: { service: { ...service, namespace: "other" } } }),
        webhook({ clientConfig: { url: "https://example.com" } }),
      ]),
      patch: [],
    },
  ])("$name", ({ of, patch }) => {
    expect(webhookPatch(of, aims)).toEqual(patch);
  });

  it("does not fail closed before there is proof", () => {
    expect(webhookPatch(configuration([webhook()]), { ...aims, isProven: false })).toEqual([]);
    expect(awaitsProof(configuration([webhook()]), service)).toBe(true);
    expect(awaitsProof(configuration([webhook({ failurePolicy: "Fail" })]), service)).toBe(false);
  });
});
