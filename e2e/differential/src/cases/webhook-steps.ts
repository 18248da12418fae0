/** One webhook of a configuration, as far as it is not what all in the cases have. */
export interface HookFields {
  /** The webhook's path, which decides what it does. */
  readonly does?: string;
  readonly [field: string]: unknown;
}

/** The two kinds of configurations. */
export type HookKind = "Mutating" | "Validating";

const RULES = [{ operations: ["*"], apiGroups: [""], apiVersions: ["v1"], resources: ["configmaps"] }];

/** Takes away what a case may have left: its webhooks would hold up the end of its namespace. */
export const WITHOUT_HOOKS =
  "kubectl delete mutatingwebhookconfigurations,validatingwebhookconfigurations -l case=$NAMESPACE";

/** A step that writes a configuration with webhooks for the ConfigMaps of the case's namespace. */
export function hooks(kind: HookKind, name: string, all: readonly HookFields[]): string {
  return `kubectl apply -f - <<END\n${JSON.stringify(configuration(kind, name, all))}\nEND`;
}

/**
 * The same, and waits until the API server works by it: a webhook more refuses an object that carries a label with the
 * configuration's content as its value.
 */
export function installed(kind: HookKind, name: string, all: readonly HookFields[]): string {
  const mark = `m${hashOf(JSON.stringify(all))}`;
  const probe = {
    name: "probe.bookmesh.dev",
    does: `deny/${mark}`,
    objectSelector: { matchLabels: { probe: name } },
  };
  return `(${hooks(kind, name, [...all, probe])}\n) > /dev/null; ${probing(name, `grep -q ${mark}`)}`;
}

/** A step that deletes a configuration and waits until the API server knows. */
export function removed(kind: HookKind, name: string): string {
  return `kubectl delete ${kind.toLowerCase()}webhookconfiguration differential-${name}; ${probing(name, "grep -q created")}`;
}

function probing(name: string, shows: string): string {
  const probe = `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"probe","labels":{"probe":"${name}"}}}`;
  return `until echo '${probe}' | kubectl create --dry-run=server -f - 2>&1 | ${shows}; do sleep 0.2; done`;
}

function configuration(kind: HookKind, name: string, all: readonly HookFields[]): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: `${kind}WebhookConfiguration`,
    metadata: { name: `differential-${name}`, labels: { case: "$NAMESPACE" } },
    webhooks: all.map(({ does = "allow", ...fields }, index) => ({
      name: `hook${index}.bookmesh.dev`,
      clientConfig: { url: `$WEBHOOK_URL/${does}`, caBundle: "$WEBHOOK_CA" },
      rules: RULES,
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "$NAMESPACE" } },
      objectSelector: { matchExpressions: [{ key: "probe", operator: "DoesNotExist" }] },
      ...fields,
    })),
  };
}

/** Short, and another one where the text is another. Source: FNV-1a. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16);
}
