import { invalid, methodNotAllowed } from "@bookmesh/cluster-api";
import { apiVersionOf } from "@bookmesh/kube-api";
import { objectField, textField } from "@bookmesh/registry";
import { isObject, type JsonObject, type ResourceKind } from "@bookmesh/kube-model";
import { parseBody, readBody } from "./body.ts";
import { sendObject } from "./exchange.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** Makes the status of a review; nothing is stored. */
type Review = (request: ResourceRequest, spec: JsonObject) => JsonObject;

/** Everybody who is let in may do everything: roles are kept, and not enforced. */
const allowed: Review = ({ kind }, spec) => {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (isObject(resourceAttributes) !== isObject(nonResourceAttributes)) return { allowed: true };
  const message =
    "Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified";
  const cause = { reason: "FieldValueInvalid", message, field: "spec.resourceAttributes" };
  throw invalid({ group: kind.group, kind: "" }, "", [cause]);
};

const REVIEWS: ReadonlyMap<string, Review> = new Map<string, Review>([
  ["TokenReview", reviewToken],
  ["SelfSubjectReview", ({ exchange }) => ({ userInfo: exchange.caller })],
  ["SelfSubjectAccessReview", allowed],
  ["SubjectAccessReview", allowed],
  ["LocalSubjectAccessReview", allowed],
  ["SelfSubjectRulesReview", rulesOfEverybody],
]);

/** Says whether a kind is a question that is answered at once, and never an object. */
export function isReview(kind: ResourceKind): boolean {
  return REVIEWS.has(kind.kind) && !kind.isCustom;
}

/** Answers a review. */
export async function answerReview(request: ResourceRequest): Promise<void> {
  const { exchange, kind } = request;
  const review = REVIEWS.get(kind.kind);
  if (exchange.request.method !== "POST" || review === undefined) throw methodNotAllowed();
  const value = parseBody(
    await readBody(exchange.request),
    exchange.request.headers["content-type"],
    kind.kind,
  );
  const body = isObject(value) ? value : {};
  const spec = objectField(body, "spec") ?? {};
  const metadata = objectField(body, "metadata") ?? {};
  const status = review(request, spec);
  sendObject(exchange, 201, { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata, spec, status });
}

function reviewToken({ serving }: ResourceRequest, spec: JsonObject): JsonObject {
  const asked = Array.isArray(spec["audiences"])
    ? spec["audiences"].filter((each) => typeof each === "string")
    : [];
  const token = textField(spec, "token") ?? "";
  const found = serving.authenticator.authenticate(token, asked.length > 0 ? asked : undefined);
  if (found === undefined) return { user: {}, error: "invalid bearer token" };
  return { authenticated: true, user: found.caller, audiences: found.audiences };
}

function rulesOfEverybody(): JsonObject {
  return {
    incomplete: false,
    resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
    nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  };
}
