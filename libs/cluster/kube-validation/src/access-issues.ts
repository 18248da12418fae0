import type { KubeObject } from "@bookmesh/kube-api";
import {
  duplicate,
  invalid,
  isObject,
  listOf,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { isPort, needed, oneOf, unchanged } from "./checks.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const REVIEW_VERSIONS = ["v1", "v1beta1"];

/** What is wrong with a Role or ClusterRole. */
export function roleIssues(role: KubeObject): readonly FieldIssue[] {
  const isNamespaced = role.kind === "Role";
  return objectsOf(role["rules"]).flatMap((rule, index) => ruleIssues(rule, `rules[${index}]`, isNamespaced));
}

/** What is wrong with a RoleBinding or ClusterRoleBinding. */
export function bindingIssues(binding: KubeObject): readonly FieldIssue[] {
  const isNamespaced = binding.kind === "RoleBinding";
  const roles = isNamespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  const role = objectOf(binding["roleRef"]);
  return [
    ...oneOf("roleRef.kind", role["kind"] ?? "", roles),
    ...needed("roleRef.name", role["name"]),
    ...objectsOf(binding["subjects"]).flatMap((subject, index) =>
      subjectIssues(subject, `subjects[${index}]`, isNamespaced),
    ),
  ];
}

/** A binding keeps its role. */
export function bindingChangeIssues(binding: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  return unchanged("roleRef", binding["roleRef"], previous["roleRef"]).map((issue) => ({
    ...issue,
    message: issue.message.replace(/field is immutable$/, "cannot change roleRef"),
  }));
}

/** What is wrong with a webhook configuration of either kind. */
export function webhookIssues(configuration: KubeObject): readonly FieldIssue[] {
  const webhooks = objectsOf(configuration["webhooks"]);
  const names = webhooks.map(({ name }) => textOf(name));
  return webhooks.flatMap((webhook, index) => [
    ...oneWebhookIssues(webhook, `webhooks[${index}]`),
    ...(names.indexOf(names[index] ?? "") < index
      ? [duplicate(`webhooks[${index}].name`, names[index])]
      : []),
  ]);
}

function ruleIssues(rule: JsonObject, field: string, isNamespaced: boolean): readonly FieldIssue[] {
  const isEmpty = (list: unknown) => listOf(list).length === 0;
  const urls = rule["nonResourceURLs"];
  const verbs = isEmpty(rule["verbs"])
    ? [required(`${field}.verbs`, "verbs must contain at least one value")]
    : [];
  if (!isEmpty(urls)) {
    const both = "rules cannot apply to both regular resources and non-resource URLs";
    const wrongScope = isNamespaced ? ["namespaced rules cannot apply to non-resource URLs"] : [];
    const mixed = isEmpty(rule["apiGroups"]) && isEmpty(rule["resources"]) ? [] : [both];
    return [
      ...verbs,
      ...[...wrongScope, ...mixed].map((problem) => invalid(`${field}.nonResourceURLs`, urls, problem)),
    ];
  }
  const groups = isEmpty(rule["apiGroups"])
    ? [required(`${field}.apiGroups`, "resource rules must supply at least one api group")]
    : [];
  const resources = isEmpty(rule["resources"])
    ? [required(`${field}.resources`, "resource rules must supply at least one resource")]
    : [];
  return [...verbs, ...groups, ...resources];
}

/** In a RoleBinding a service account without a namespace is one of the binding's own. */
function subjectIssues(subject: JsonObject, field: string, isNamespaced: boolean): readonly FieldIssue[] {
  const isAccount = subject["kind"] === "ServiceAccount";
  const needsNamespace = isAccount && !isNamespaced && textOf(subject["namespace"]) === "";
  return [
    ...needed(`${field}.name`, subject["name"]),
    ...(needsNamespace ? [required(`${field}.namespace`)] : []),
    ...oneOf(`${field}.kind`, subject["kind"] ?? "", ["ServiceAccount", "User", "Group"]),
  ];
}

function oneWebhookIssues(webhook: JsonObject, field: string): readonly FieldIssue[] {
  const name = textOf(webhook["name"]);
  const { sideEffects, timeoutSeconds } = webhook;
  const isLate = typeof timeoutSeconds === "number" && (timeoutSeconds < 1 || timeoutSeconds > 30);
  return [
    ...(name.split(".").filter((part) => part !== "").length >= 3
      ? []
      : [
          invalid(`${field}.name`, name, "should be a domain with at least three segments separated by dots"),
        ]),
    ...objectsOf(webhook["rules"]).flatMap((rule, index) =>
      webhookRuleIssues(rule, `${field}.rules[${index}]`),
    ),
    ...oneOf(`${field}.failurePolicy`, webhook["failurePolicy"], ["Fail", "Ignore"]),
    ...oneOf(`${field}.matchPolicy`, webhook["matchPolicy"], ["Equivalent", "Exact"]),
    ...(sideEffects === undefined
      ? [required(`${field}.sideEffects`, "must specify one of None, NoneOnDryRun")]
      : oneOf(`${field}.sideEffects`, sideEffects, ["None", "NoneOnDryRun"])),
    ...oneOf(`${field}.reinvocationPolicy`, webhook["reinvocationPolicy"], ["IfNeeded", "Never"]),
    ...(isLate
      ? [
          invalid(
            `${field}.timeoutSeconds`,
            timeoutSeconds,
            "the timeout value must be between 1 and 30 seconds",
          ),
        ]
      : []),
    ...clientIssues(objectOf(webhook["clientConfig"]), `${field}.clientConfig`),
    ...reviewIssues(webhook["admissionReviewVersions"], `${field}.admissionReviewVersions`),
  ];
}

function webhookRuleIssues(rule: JsonObject, field: string): readonly FieldIssue[] {
  const lists = ["operations", "apiGroups", "apiVersions", "resources"];
  return [
    ...listOf(rule["operations"]).flatMap((operation, index) =>
      oneOf(`${field}.operations[${index}]`, operation, OPERATIONS),
    ),
    ...lists.filter((list) => listOf(rule[list]).length === 0).map((list) => required(`${field}.${list}`)),
    ...oneOf(`${field}.scope`, rule["scope"], ["*", "Cluster", "Namespaced"]),
  ];
}

function clientIssues({ url, service }: JsonObject, field: string): readonly FieldIssue[] {
  if ((url === undefined) === (service === undefined)) {
    return [required(field, "exactly one of url or service is required")];
  }
  if (isObject(service)) return serviceIssues(service, `${field}.service`);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(textOf(url))?.[1] ?? "";
  if (scheme === "https") return [];
  const rule = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
  return [invalid(`${field}.url`, scheme, rule)];
}

function serviceIssues({ name, namespace, port, path }: JsonObject, field: string): readonly FieldIssue[] {
  const badPath = textOf(path) !== "" && !textOf(path).startsWith("/");
  return [
    ...needed(`${field}.name`, name),
    ...needed(`${field}.namespace`, namespace),
    ...(isPort(port)
      ? []
      : [invalid(`${field}.port`, port, "port is not valid: must be between 1 and 65535, inclusive")]),
    ...(badPath ? [invalid(`${field}.path`, path, "must start with a '/'")] : []),
  ];
}

function reviewIssues(versions: unknown, field: string): readonly FieldIssue[] {
  const known = REVIEW_VERSIONS.join(", ");
  if (listOf(versions).length === 0) return [required(field, `must specify one of ${known}`)];
  const hasKnown = listOf(versions).some((version) => REVIEW_VERSIONS.includes(textOf(version)));
  return hasKnown ? [] : [invalid(field, versions, `must include at least one of ${known}`)];
}
