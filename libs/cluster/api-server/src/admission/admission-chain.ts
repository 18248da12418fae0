import type { ObjectStore } from "../store/object-store.ts";
import type { Admission } from "./admission.ts";
import { checkNamespaceLifecycle } from "./namespace-lifecycle.ts";

/** The built-in rules first, then the webhooks of the cluster. */
export function admissionChain(store: ObjectStore): Admission {
  return {
    async mutate(attempt) {
      checkNamespaceLifecycle(store, attempt);
      return attempt.object;
    },
    async validate(attempt) {
      checkNamespaceLifecycle(store, attempt);
    },
  };
}
