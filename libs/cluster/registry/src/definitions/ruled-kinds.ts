import type { KubeObject } from "@bookmesh/kube-api";
import { invalid, type ResourceKind } from "@bookmesh/kube-model";
import { customKinds } from "@bookmesh/kube-schema";
import { judge, ruleTree } from "@bookmesh/schema-rules";
import type { TimeLimit } from "./time-limit.ts";

/** For all rules of one object together, as Kubernetes means its budget. The whole server waits meanwhile. */
export const RULES_LIMIT_MS = 1000;

const TOO_COSTLY = invalid(
  "<nil>",
  "object",
  "validation failed due to running out of cost budget, no further validation rules will be run",
);

/** The kinds that a definition serves, with the rules that it has for their objects. */
export function ruledKinds(definition: KubeObject, limit: TimeLimit): readonly ResourceKind[] {
  return customKinds(definition).map((kind) => {
    const { root } = ruleTree(kind.schema);
    if (root === undefined) return kind;
    return {
      ...kind,
      judge: (object, previous) => limit(() => judge(root, object, previous)) ?? [TOO_COSTLY],
    };
  });
}
