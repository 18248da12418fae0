import { RESOURCES } from "@bookmesh/kube-api";
import type { ResourceKind } from "@bookmesh/kube-model";
import { builtInKinds } from "@bookmesh/kube-schema";

/** The built-in rows, and the question `kubectl auth whoami` asks, which needs no schema of its own. */
export function servedKinds(): readonly ResourceKind[] {
  const kinds = builtInKinds();
  const whoAmI = kinds.filter(({ kind }) => kind === RESOURCES.tokenReviews.kind).map(selfSubjectReview);
  return [...kinds, ...whoAmI];
}

function selfSubjectReview(tokenReview: ResourceKind): ResourceKind {
  return {
    ...tokenReview,
    plural: "selfsubjectreviews",
    singular: "selfsubjectreview",
    kind: "SelfSubjectReview",
    listKind: "SelfSubjectReviewList",
  };
}
