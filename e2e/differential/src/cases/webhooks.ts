import type { Comparison } from "../harness/comparison.ts";
import { hooks, installed, removed, WITHOUT_HOOKS, type HookFields, type HookKind } from "./webhook-steps.ts";

/** Creates a ConfigMap with labels on trial, and shows what became of it. */
const tried = (labels?: string): string =>
  `echo '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"tried"${labels === undefined ? "" : `,"labels":${labels}`}}}' | kubectl create --dry-run=server -o jsonpath='{.metadata.annotations.trail}|{.metadata.labels}|{.data}' -f -`;

/** Each kind of answer: how the API server takes it. */
const answers = (kind: HookKind, name: string, all: readonly string[]): readonly string[] =>
  all.map((does) => `# ${does}\n${installed(kind, name, [{ does }])}\n${tried()}`);

const failing = (title: string, fields: HookFields): readonly string[] =>
  ["Fail", "Ignore"].map(
    (failurePolicy) =>
      `# ${title}, ${failurePolicy}\n${installed("Validating", "failing", [{ ...fields, failurePolicy }])}\n${tried()}`,
  );

const DOWN = { url: "https://$WEBHOOK_HOST:9/down", caBundle: "$WEBHOOK_CA" };

/** What admission webhooks may do, and what becomes of a write where they fail. */
export const WEBHOOK_COMPARISONS: readonly Comparison[] = [
  {
    title: "webhooks that mutate",
    needs: "webhook",
    cleanUp: WITHOUT_HOOKS,
    steps: [
      installed("Mutating", "b", [{ does: "append/c" }]),
      installed("Mutating", "a", [{ does: "append/a" }, { does: "append/b" }]),
      tried(),
      "kubectl create configmap kept --from-literal=a=b && kubectl get configmap kept -o jsonpath='{.metadata.annotations}'",
      "kubectl get configmap kept --show-managed-fields -o json | tr -d '\\n '",
      `kubectl patch configmap kept --type=merge -p '{"data":{"a":"c"}}' && kubectl get configmap kept -o jsonpath='{.metadata.annotations}{.data}'`,
      installed("Mutating", "a", [{ does: "append/a", reinvocationPolicy: "IfNeeded" }]),
      tried(),
      installed("Mutating", "b", [{ does: "append/c", reinvocationPolicy: "IfNeeded" }]),
      tried(),
      installed("Mutating", "b", [{ does: "nothing" }]),
      tried(),
      removed("Mutating", "a"),
      ...answers("Mutating", "b", [
        "deny/no-thanks",
        "warn/300",
        "misfit",
        "untyped",
        "mistyped",
        "garbled",
        "label/-bad-",
        "label/good",
        "rename/other",
        "add/nonsense",
      ]),
      removed("Mutating", "b"),
      tried(),
    ],
  },
  {
    title: "webhooks that validate",
    needs: "webhook",
    cleanUp: WITHOUT_HOOKS,
    steps: [
      ...answers("Validating", "judge", [
        "deny",
        "deny/not-today",
        "code/418",
        "code/200",
        "reason/Conflict",
        "details",
        "warn/10",
        "untyped",
      ]),
      installed("Validating", "judge", [{ does: "allow" }]),
      "kubectl create configmap seen --from-literal=a=b",
      installed("Validating", "judge", [{ does: "tell" }]),
      "kubectl create configmap told --from-literal=a=b --field-manager=teller",
      "kubectl create configmap told --from-literal=a=b --dry-run=server",
      `kubectl patch configmap seen --type=merge -p '{"data":{"a":"c"}}' --field-manager=teller`,
      'kubectl replace -f - <<< \'{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"seen"}}\'',
      "kubectl delete configmap seen",
      "kubectl delete configmap seen --dry-run=server",
      `echo '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"made-"}}' | kubectl create -f - | sed 's/made-...../made/'`,
      "kubectl apply --server-side --field-manager=teller -f settings.yml",
      installed("Validating", "judge", [
        {
          does: "tell",
          rules: [
            {
              operations: ["UPDATE"],
              apiGroups: ["apps"],
              apiVersions: ["v1"],
              resources: ["deployments/scale"],
            },
          ],
        },
      ]),
      "kubectl create deployment scaled --image=bookmesh/base-node:24 --replicas=0 && kubectl scale deployment scaled --replicas=1",
      removed("Validating", "judge"),
    ],
  },
  {
    title: "webhooks that choose",
    needs: "webhook",
    cleanUp: WITHOUT_HOOKS,
    steps: [
      installed("Validating", "choosing", [
        {
          does: "deny/selected",
          objectSelector: { matchExpressions: [{ key: "hard", operator: "Exists" }] },
        },
      ]),
      tried(),
      tried('{"hard":"yes"}'),
      installed("Validating", "choosing", [
        { does: "deny/elsewhere", namespaceSelector: { matchLabels: { nobody: "has" } } },
      ]),
      tried(),
      installed("Validating", "choosing", [
        {
          does: "deny/cluster",
          rules: [
            {
              operations: ["*"],
              apiGroups: ["*"],
              apiVersions: ["*"],
              resources: ["*"],
              scope: "Cluster",
            },
          ],
        },
      ]),
      tried(),
      installed("Validating", "choosing", [
        {
          does: "deny/matched",
          matchConditions: [
            { name: "named", expression: "object.metadata.name == 'tried'" },
            { name: "hard", expression: "has(object.metadata.labels) && 'hard' in object.metadata.labels" },
          ],
        },
      ]),
      tried(),
      tried('{"hard":"yes"}'),
      installed("Validating", "choosing", [
        {
          does: "deny/asked",
          matchConditions: [
            {
              name: "asked",
              expression:
                "request.operation == 'CREATE' && request.dryRun && request.namespace.startsWith('differential') && oldObject == null && request.resource.resource == 'configmaps' && 'system:authenticated' in request.userInfo.groups",
            },
          ],
        },
      ]),
      tried(),
      ...failingConditions(),
      removed("Validating", "choosing"),
    ],
  },
  {
    title: "webhooks that fail",
    needs: "webhook",
    cleanUp: WITHOUT_HOOKS,
    steps: [
      ...failing("down", { clientConfig: DOWN }),
      ...failing("slow", { does: "slow", timeoutSeconds: 1 }),
      ...failing("another authority", {
        clientConfig: { url: "$WEBHOOK_URL/allow", caBundle: "$WEBHOOK_OTHER_CA" },
      }),
      ...failing("no authority", { clientConfig: { url: "$WEBHOOK_URL/allow" } }),
      ...failing("status/500", { does: "status/500" }),
      ...failing("text", { does: "text" }),
      ...failing("empty", { does: "empty" }),
      ...failing("unversioned", { does: "unversioned" }),
      ...failing("stranger", { does: "stranger" }),
      ...failing("no service", {
        clientConfig: { service: { name: "nothing", namespace: "$NAMESPACE" }, caBundle: "$WEBHOOK_CA" },
      }),
      removed("Validating", "failing"),
    ],
  },
  {
    title: "webhooks that are refused",
    needs: "webhook",
    cleanUp: WITHOUT_HOOKS,
    steps: [
      ...[
        { sideEffects: "Some" },
        { sideEffects: "Nonsense" },
        { sideEffects: undefined },
        { admissionReviewVersions: ["v2"] },
        { admissionReviewVersions: [] },
        { timeoutSeconds: 31 },
        { timeoutSeconds: 0 },
        { failurePolicy: "Maybe" },
        { name: "short" },
        { clientConfig: { url: "http://example.org/" } },
        { clientConfig: { url: "https://example.org/?a=b" } },
        { clientConfig: { url: "https://user@example.org/" } },
        { clientConfig: {} },
        {
          clientConfig: { url: "https://example.org/", service: { name: "a", namespace: "b" } },
        },
        { clientConfig: { service: { name: "a", namespace: "b", port: 0, path: "c" } } },
        { clientConfig: { url: "https://example.org/", caBundle: "bm9uc2Vuc2U=" } },
        { rules: [{ operations: ["SHAKE"], apiGroups: [""], apiVersions: ["v1"], resources: ["pods"] }] },
        {
          rules: [
            { operations: ["*", "CREATE"], apiGroups: [""], apiVersions: ["v1"], resources: ["*", "pods"] },
          ],
        },
        { rules: [{ operations: ["*"], apiGroups: [], apiVersions: [], resources: [] }] },
        { objectSelector: { matchExpressions: [{ key: "a", operator: "In" }] } },
        { matchPolicy: "Roughly" },
        { matchConditions: [{ name: "bad", expression: "object.metadata.name ==" }] },
        { matchConditions: [{ name: "number", expression: "1" }] },
        { matchConditions: [{ name: "unknown", expression: "nobody" }] },
        { matchConditions: [{ name: "", expression: "true" }] },
        {
          matchConditions: [
            { name: "a", expression: "true" },
            { name: "a", expression: "true" },
          ],
        },
      ].map((fields) => refused([fields])),
      refused([{}, { name: "hook0.bookmesh.dev" }]),
      hooks("Mutating", "refused", [{ reinvocationPolicy: "Always" }]),
      `${hooks("Mutating", "defaulted", [{}])}\nkubectl get mutatingwebhookconfiguration differential-defaulted -o json | sed -E '/"(url|caBundle)"/d' | tr -d '\\n ' && kubectl delete mutatingwebhookconfiguration differential-defaulted`,
    ],
  },
];

/** A configuration that is tried, so that none is changed by the next. */
function refused(all: readonly HookFields[]): string {
  const title = JSON.stringify(all.length === 1 ? all[0] : all);
  return `# ${title}\n${hooks("Validating", "refused", all).replace("apply", "create --dry-run=server")}`;
}

/** A condition that cannot be judged is a failure of the webhook. */
function failingConditions(): readonly string[] {
  return ["Fail", "Ignore"].flatMap((failurePolicy) => [
    installed("Validating", "choosing", [
      {
        does: "deny/never",
        failurePolicy,
        matchConditions: [{ name: "missing", expression: "object.metadata.labels['missing'] == 'x'" }],
      },
    ]),
    tried(),
  ]);
}
