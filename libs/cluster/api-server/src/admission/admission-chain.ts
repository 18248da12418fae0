import type { Random } from "@bookmesh/kernel";
import type { Catalog } from "../registry/catalog.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Admission } from "./admission.ts";
import { checkNamespaceLifecycle } from "./namespace-lifecycle.ts";
import { admitServiceAccount } from "./service-account.ts";
import { mutateByWebhooks, validateByWebhooks, type WebhookView } from "./webhooks.ts";

/** The built-in rules, and the webhooks of the cluster. */
export function admissionChain(parts: {
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  readonly random: Random;
}): Admission {
  const { store, catalog } = parts;
  const view: WebhookView = {
    store,
    versionsOf: ({ group, plural }) =>
      catalog.rows().filter((row) => row.group === group && row.plural === plural),
  };
  return {
    async mutate(attempt) {
      checkNamespaceLifecycle(store, attempt);
      const before = admitServiceAccount(parts, attempt, attempt.object);
      const after = await mutateByWebhooks(view, { ...attempt, object: before });
      // A container that a webhook added gets its token too.
      return after === before ? after : admitServiceAccount(parts, attempt, after);
    },
    async validate(attempt) {
      checkNamespaceLifecycle(store, attempt);
      await validateByWebhooks(view, attempt);
    },
  };
}
