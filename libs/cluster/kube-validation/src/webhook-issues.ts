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
import { isPort, needed, oneOf } from "./checks.ts";
import { selectorIssues } from "./selector-issues.ts";

const OPERATIONS = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
const REVIEW_VERSIONS = ["v1", "v1beta1"];

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
    ...selectorIssues(webhook["namespaceSelector"], `${field}.namespaceSelector`),
    ...selectorIssues(webhook["objectSelector"], `${field}.objectSelector`),
    ...conditionNameIssues(objectsOf(webhook["matchConditions"]), `${field}.matchConditions`),
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

/** What they say is judged where the language of rules is known. */
function conditionNameIssues(conditions: readonly JsonObject[], field: string): readonly FieldIssue[] {
  const names = conditions.map(({ name }) => textOf(name));
  return names.flatMap((name, index) => {
    const at = `${field}[${index}].name`;
    if (name === "") return [required(at)];
    return names.indexOf(name) < index ? [duplicate(at, name)] : [];
  });
}

function webhookRuleIssues(rule: JsonObject, field: string): readonly FieldIssue[] {
  const lists = ["operations", "apiGroups", "apiVersions", "resources"];
  return [
    ...listOf(rule["operations"]).flatMap((operation, index) =>
      oneOf(`${field}.operations[${index}]`, operation, OPERATIONS),
    ),
    ...crowdIssues(`${field}.operations`, rule["operations"], "operations"),
    ...crowdIssues(`${field}.resources`, rule["resources"], "resources without subresources"),
    ...lists.filter((list) => listOf(rule[list]).length === 0).map((list) => required(`${field}.${list}`)),
    ...oneOf(`${field}.scope`, rule["scope"], ["*", "Cluster", "Namespaced"]),
  ];
}

/** Who asks for all need not ask for any. */
function crowdIssues(field: string, list: unknown, others: string): readonly FieldIssue[] {
  const plain = listOf(list).filter((each) => !textOf(each).includes("/"));
  const isCrowded = plain.includes("*") && plain.length > 1;
  return isCrowded ? [invalid(field, list, `if '*' is present, must not specify other ${others}`)] : [];
}

function clientIssues({ url, service }: JsonObject, field: string): readonly FieldIssue[] {
  if ((url === undefined) === (service === undefined)) {
    return [required(field, "exactly one of url or service is required")];
  }
  if (isObject(service)) return serviceIssues(service, `${field}.service`);
  return urlIssues(textOf(url), `${field}.url`);
}

function urlIssues(url: string, field: string): readonly FieldIssue[] {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1] ?? "";
  const user = /^[^/]*\/\/([^/@]*)@/.exec(url)?.[1];
  const query = /\?([^#]*)/.exec(url)?.[1];
  const only = "'https' is the only allowed URL scheme; desired format: https://host[/path]";
  return [
    ...(scheme === "https" ? [] : [invalid(field, scheme, only)]),
    ...(user === undefined ? [] : [invalid(field, user, "user information is not permitted in the URL")]),
    ...(query === undefined ? [] : [invalid(field, query, "query parameters are not permitted in the URL")]),
  ];
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
