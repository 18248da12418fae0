import type { KubeObject } from "@bookmesh/kube-api";
import {
  invalid,
  listOf,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { needed, oneOf, unchanged } from "./checks.ts";

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
