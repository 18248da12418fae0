import { messageOf } from "@bookmesh/kernel";
import type { AdmissionResponse } from "@bookmesh/kube-api";
import { isObject } from "@bookmesh/kube-model";
import { objectField, textField } from "@bookmesh/registry";

/** A webhook's answer, checked. */
export interface WebhookAnswer extends AdmissionResponse {
  /** The JSON patch, decoded; absent where there is none. */
  readonly changes?: unknown;
}

/** Reads the answer to the review `uid`; throws an `Error` that says what is wrong with it. */
export function readAnswer(
  text: string,
  { uid, mutates }: { readonly uid: string; readonly mutates: boolean },
): WebhookAnswer {
  const review = reviewIn(text);
  const response = objectField(review, "response");
  if (response === undefined) throw invalidAnswer("webhook response was absent");
  const answered = textField(response, "uid") ?? "";
  if (answered !== uid)
    throw invalidAnswer(`expected response.uid=${JSON.stringify(uid)}, got ${JSON.stringify(answered)}`);
  const { apiVersion, kind } = review;
  if (apiVersion !== "admission.k8s.io/v1" || kind !== "AdmissionReview") {
    const [group = "", version = ""] = (textField(review, "apiVersion") ?? "").split("/");
    const got = `${group}/${version}, Kind=${textField(review, "kind") ?? ""}`;
    throw invalidAnswer(`expected webhook response of admission.k8s.io/v1, Kind=AdmissionReview, got ${got}`);
  }
  const allowed = response["allowed"] === true;
  // A decoder: what is used of the rest is checked where it is used.
  const checked = { ...(response as unknown as AdmissionResponse), uid, allowed };
  const { patch } = checked;
  if (patch === undefined) return checked;
  if (!mutates) throw invalidAnswer("validating webhook may not return response.patch");
  return { ...checked, changes: changesOf(patch, response["patchType"]) };
}

function reviewIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const review: unknown = JSON.parse(text);
    if (isObject(review)) return review;
  } catch (error) {
    throw new Error(`failed to call webhook: couldn't get version/kind; ${messageOf(error)}`, {
      cause: error,
    });
  }
  throw new Error("failed to call webhook: couldn't get version/kind; the answer is no object");
}

function changesOf(patch: string, patchType: unknown): unknown {
  if (patchType === undefined)
    throw invalidAnswer("webhook returned response.patch but not response.patchType");
  if (patchType !== "JSONPatch") throw new Error(`unsupported patch type ${JSON.stringify(patchType)}`);
  try {
    return JSON.parse(Buffer.from(patch, "base64").toString("utf8"));
  } catch (error) {
    throw new Error(`received undecodable patch in webhook response: ${messageOf(error)}`, { cause: error });
  }
}

function invalidAnswer(why: string): Error {
  return new Error(`received invalid webhook response: ${why}`);
}
