import { setTimeout as sleep } from "node:timers/promises";
import type { AdmissionRequest, KubeObject } from "@bookmesh/kube-api";

/** An answer of HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}

/** Longer than the webhook's own `timeoutSeconds` in the cases that come here. */
const SLOW_MS = 3_000;

/** What the webhook does, by the first part of its path; what follows it is its argument. */
const RESPONSES: Readonly<Record<string, (asked: AdmissionRequest, argument: string) => object>> = {
  allow: () => ({ allowed: true }),
  deny: (_, message) => ({ allowed: false, ...(message && { status: { message } }) }),
  code: (_, code) => ({ allowed: false, status: { code: Number(code), message: `code ${code}` } }),
  reason: (_, reason) => ({ allowed: false, status: { reason } }),
  details: () => ({
    allowed: false,
    status: {
      code: 422,
      reason: "Invalid",
      message: "two faults",
      details: { causes: [{ reason: "FieldValueInvalid", field: "data.key", message: "is not nice" }] },
    },
  }),
  tell: (asked) => ({ allowed: false, status: { message: JSON.stringify(seen(asked)) } }),
  warn: (_, length) => ({ allowed: true, warnings: ["first", "x".repeat(Number(length)), "first"] }),
  append: ({ object }, letter) => patched([trailPatch(object, letter)]),
  label: (_, value) =>
    patched([{ op: "add", path: "/metadata/labels", value: { "bookmesh.dev/label": value } }]),
  rename: (_, name) => patched([{ op: "replace", path: "/metadata/name", value: name }]),
  add: (_, field) => patched([{ op: "add", path: `/${field}`, value: "added" }]),
  misfit: () => patched([{ op: "remove", path: "/data/nothing" }]),
  nothing: () => patched([]),
  untyped: () => ({ ...patched([]), patchType: undefined }),
  mistyped: () => ({ ...patched([{ op: "add", path: "/data", value: {} }]), patchType: "MergePatch" }),
  garbled: () => ({ allowed: true, patchType: "JSONPatch", patch: Buffer.from("[{").toString("base64") }),
};

/** Answers a review; the path decides how. */
export async function answerReview(
  path: string,
  review: { readonly request: AdmissionRequest },
): Promise<HttpAnswer> {
  const [, name = "", argument = ""] = path.split("/");
  const { request } = review;
  const envelope = (response: object, uid: string = request.uid) => ({
    status: 200,
    body: JSON.stringify({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid, ...response },
    }),
  });
  switch (name) {
    case "slow":
      await sleep(SLOW_MS);
      return envelope({ allowed: true });
    case "status":
      return { status: Number(argument), body: "no" };
    case "text":
      return { status: 200, body: "no JSON" };
    case "empty":
      return { status: 200, body: '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}' };
    case "unversioned":
      return { status: 200, body: JSON.stringify({ response: { uid: request.uid, allowed: true } }) };
    case "stranger":
      return envelope({ allowed: true }, "another");
  }
  const response = RESPONSES[name];
  return response === undefined
    ? { status: 404, body: "no such path" }
    : envelope(response(request, argument));
}

function patched(patch: readonly object[]): object {
  return {
    allowed: true,
    patchType: "JSONPatch",
    patch: Buffer.from(JSON.stringify(patch)).toString("base64"),
  };
}

/** Adds a letter to the annotation that shows who was here, in which order. */
function trailPatch(object: KubeObject | null, letter: string): object {
  const annotations = object?.metadata.annotations ?? {};
  const value = { ...annotations, trail: `${annotations["trail"] ?? ""}${letter}` };
  return { op: "add", path: "/metadata/annotations", value };
}

/** A review without what differs from cluster to cluster. */
function seen({ uid, name, object, oldObject, userInfo, ...rest }: AdmissionRequest): object {
  return {
    ...rest,
    name: name?.replace(/^made-.*/, "made-"),
    uid: uid.length,
    groups: userInfo.groups?.filter((group) => group === "system:authenticated"),
    object: object && {
      version: object.metadata.resourceVersion !== undefined,
      name: object.metadata.name.replace(/^made-.*/, "made-"),
    },
    oldObject: oldObject && { version: oldObject.metadata.resourceVersion !== undefined },
  };
}
