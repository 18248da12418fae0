import { apiVersionOf, selects, type KubeObject, type Webhook } from "@bookmesh/kube-api";
import type { AdmissionAttempt } from "@bookmesh/registry";
import type { ResourceKind } from "@bookmesh/kube-model";

/** What a match needs to know of the cluster. */
export interface MatchView {
  /** The labels of a namespace; `undefined` where there is none. */
  readonly namespaceLabels: (name: string) => Readonly<Record<string, string>> | undefined;
  /** All rows of the same resource, whatever their version. */
  readonly versionsOf: (kind: ResourceKind) => readonly ResourceKind[];
}

/**
 * Says whether a webhook wants to see a write, and in which version of its resource; `undefined` when it does not.
 * Source: Kubernetes, "Matching requests".
 */
export function matchWebhook(
  view: MatchView,
  webhook: Webhook,
  attempt: AdmissionAttempt,
): ResourceKind | undefined {
  if (!selectsNamespace(view, webhook, attempt)) return undefined;
  const { object, oldObject } = attempt;
  if (![object, oldObject].some((each) => each !== undefined && selectsObject(webhook, each)))
    return undefined;
  if (hasRule(webhook, attempt, attempt.kind)) return attempt.kind;
  if (webhook.matchPolicy === "Exact") return undefined;
  return view.versionsOf(attempt.kind).find((kind) => hasRule(webhook, attempt, kind));
}

function selectsNamespace(
  view: MatchView,
  { namespaceSelector }: Webhook,
  attempt: AdmissionAttempt,
): boolean {
  const { kind, namespace, object, oldObject } = attempt;
  if (kind.kind === "Namespace" && kind.group === "") {
    return selects(namespaceSelector ?? {}, (object ?? oldObject)?.metadata.labels);
  }
  if (namespace === undefined) return true;
  return selects(namespaceSelector ?? {}, view.namespaceLabels(namespace) ?? {});
}

function selectsObject({ objectSelector }: Webhook, { metadata }: KubeObject): boolean {
  return selects(objectSelector ?? {}, metadata.labels);
}

function hasRule({ rules = [] }: Webhook, attempt: AdmissionAttempt, kind: ResourceKind): boolean {
  const { operation, subresource } = attempt;
  const scope = kind.namespaced ? "Namespaced" : "Cluster";
  return rules.some(
    (rule) =>
      includes(rule.operations, operation) &&
      includes(rule.apiGroups, kind.group) &&
      includes(rule.apiVersions, kind.version) &&
      (rule.scope === undefined || rule.scope === "*" || rule.scope === scope) &&
      (rule.resources ?? []).some((pattern) => fitsResource(pattern, kind.plural, subresource)),
  );
}

function includes(list: readonly string[] = [], wanted: string): boolean {
  return list.includes("*") || list.includes(wanted);
}

/** `pods`, `*`, `pods/status`, `pods/*`, any resource: `*`. Without a slash the subresources are not meant. */
function fitsResource(pattern: string, plural: string, subresource: string | undefined): boolean {
  const [resource, part] = pattern.split("/");
  if (resource !== "*" && resource !== plural) return false;
  if (part === undefined) return subresource === undefined;
  return part === "*" || part === subresource;
}

/** The object in the version that a webhook asked for. */
export function asVersion(kind: ResourceKind, object: KubeObject | undefined): KubeObject | null {
  return object === undefined ? null : { ...object, apiVersion: apiVersionOf(kind) };
}
