import type { Random } from "@bookmesh/kernel";
import type { Catalog } from "../registry/catalog.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Admission } from "./admission.ts";
import { checkNamespaceLifecycle } from "./namespace-lifecycle.ts";
import { admitServiceAccount } from "./service-account.ts";
import { mutateByWebhooks, validateByWebhooks, type WebhookView } from "./webhooks.ts";

/** What admission looks at. */
export interface AdmissionParts {
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  readonly random: Random;
}

/** The built-in rules alone: for what the server itself must be able to write, whatever webhooks there are. */
export function builtInAdmission(parts: AdmissionParts): Admission {
  return {
    async mutate(attempt) {
      await Promise.resolve();
      checkNamespaceLifecycle(parts.store, attempt);
      return admitServiceAccount(parts, attempt, attempt.object);
    },
    async validate(attempt) {
      await Promise.resolve();
      checkNamespaceLifecycle(parts.store, attempt);
    },
  };
}

/** The built-in rules, and the webhooks of the cluster. */
export function admissionChain(parts: AdmissionParts): Admission {
  const { store, catalog } = parts;
  const builtIn = builtInAdmission(parts);
  const view: WebhookView = {
    store,
    versionsOf: ({ group, plural }) =>
      catalog.rows().filter((row) => row.group === group && row.plural === plural),
  };
  return {
    async mutate(attempt) {
      const before = await builtIn.mutate(attempt);
      const after = await mutateByWebhooks(view, { ...attempt, object: before });
      // A container that a webhook added gets its token too.
      return after === before ? after : admitServiceAccount(parts, attempt, after);
    },
    async validate(attempt) {
      await builtIn.validate(attempt);
      await validateByWebhooks(view, attempt);
    },
  };
}
