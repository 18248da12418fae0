import type { Admission, AdmissionParts } from "@bookmesh/registry";
import { checkNamespaceLifecycle } from "./namespace-lifecycle.ts";
import { admitServiceAccount } from "./service-account.ts";
import type { Dial } from "./webhook-call.ts";
import { mutateByWebhooks, validateByWebhooks, type WebhookView } from "./webhooks.ts";

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

/** The built-in rules, and the webhooks of the cluster; `dial` reaches those outside it. */
export function admissionChain(parts: AdmissionParts, dial?: Dial): Admission {
  const { store, catalog } = parts;
  const builtIn = builtInAdmission(parts);
  const view: WebhookView = {
    store,
    ...(dial && { dial }),
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
