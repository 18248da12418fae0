import type { KubeObject } from "@bookmesh/kube-api";
import {
  at,
  duplicate,
  equalJson,
  forbidden,
  invalid,
  listOf,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { ADDRESS_RULE, isAddress, isPort, notNegative, oneOf, PORT_RANGE, unchanged } from "./checks.ts";
import { PROTOCOLS } from "./container-issues.ts";
import { problems } from "./metadata-issues.ts";
import { configKey, dnsLabel } from "./name-rules.ts";

/** Kubernetes' limit for a ConfigMap or Secret. */
const MAX_DATA_BYTES = 1024 * 1024;

/** Keys that a Secret of a type must have. */
const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

/** What is wrong with a ConfigMap. */
export function configMapIssues(configMap: KubeObject): readonly FieldIssue[] {
  const data = objectOf(configMap["data"]);
  const binaryData = objectOf(configMap["binaryData"]);
  const twice = Object.keys(data).filter((key) => Object.hasOwn(binaryData, key));
  return [
    ...keyIssues(data, "data"),
    ...keyIssues(binaryData, "binaryData"),
    ...twice.map((key) => invalid(`data[${key}]`, key, "duplicate of key present in binaryData")),
    ...sizeIssues([data, binaryData], ""),
  ];
}

/** What is wrong with a Secret. */
export function secretIssues(secret: KubeObject): readonly FieldIssue[] {
  const data = objectOf(secret["data"]);
  const keys = SECRET_KEYS[textOf(secret["type"])] ?? [];
  return [
    ...keyIssues(data, "data"),
    ...sizeIssues([data], "data"),
    ...keys.filter((key) => !Object.hasOwn(data, key)).map((key) => required(`data[${key}]`)),
  ];
}

/** An immutable ConfigMap or Secret stays as it is. */
export function dataChangeIssues(object: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  if (previous["immutable"] !== true) return [];
  const rule = "field is immutable when `immutable` is set";
  const changed = ["immutable", "data", "binaryData"].filter(
    (field) => !equalJson(object[field], previous[field]),
  );
  return changed.map((field) => forbidden(field, rule));
}

/** As above, and a Secret keeps its type. */
export function secretChangeIssues(secret: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  return [...unchanged("type", secret["type"], previous["type"]), ...dataChangeIssues(secret, previous)];
}

/** What is wrong with an EndpointSlice. */
export function endpointSliceIssues(slice: KubeObject): readonly FieldIssue[] {
  const ports = objectsOf(slice["ports"]);
  const names = ports.map(({ name }) => textOf(name));
  const isFqdn = slice["addressType"] === "FQDN";
  return [
    ...(slice["addressType"] === undefined ? [required("addressType")] : []),
    ...oneOf("addressType", slice["addressType"], ["FQDN", "IPv4", "IPv6"]),
    ...ports.flatMap((port, index) => slicePortIssues(port, `ports[${index}]`)),
    ...names.flatMap((name, index) =>
      names.indexOf(name) < index ? [duplicate(`ports[${index}].name`, name)] : [],
    ),
    ...objectsOf(slice["endpoints"]).flatMap((endpoint, index) =>
      endpointIssues(endpoint, `endpoints[${index}].addresses`, isFqdn),
    ),
  ];
}

/** An EndpointSlice keeps its kind of address. */
export function endpointSliceChangeIssues(slice: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  return unchanged("addressType", slice["addressType"], previous["addressType"]);
}

/** What is wrong with a Lease. */
export function leaseIssues(lease: KubeObject): readonly FieldIssue[] {
  const seconds = at(lease, "spec", "leaseDurationSeconds");
  return [
    ...(typeof seconds === "number" && seconds <= 0
      ? [invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")]
      : []),
    ...notNegative("spec.leaseTransitions", at(lease, "spec", "leaseTransitions")),
  ];
}

function keyIssues(data: JsonObject, field: string): readonly FieldIssue[] {
  return Object.keys(data).flatMap((key) =>
    configKey(key).map((problem) => invalid(`${field}[${key}]`, key, problem)),
  );
}

function sizeIssues(parts: readonly JsonObject[], field: string): readonly FieldIssue[] {
  const bytes = parts
    .flatMap((part) => Object.values(part))
    .reduce<number>((sum, value) => sum + textOf(value).length, 0);
  if (bytes <= MAX_DATA_BYTES) return [];
  const message = `Too long: may not be more than ${MAX_DATA_BYTES} bytes`;
  return [{ reason: "FieldValueTooLong", field, message }];
}

function slicePortIssues({ name, port, protocol }: JsonObject, field: string): readonly FieldIssue[] {
  return [
    ...(textOf(name) === "" ? [] : problems(`${field}.name`, textOf(name), dnsLabel)),
    ...oneOf(`${field}.protocol`, protocol, PROTOCOLS),
    ...(port === undefined || isPort(port) ? [] : [invalid(`${field}.port`, port, PORT_RANGE)]),
  ];
}

function endpointIssues(endpoint: JsonObject, field: string, isFqdn: boolean): readonly FieldIssue[] {
  const addresses = listOf(endpoint["addresses"]).map(textOf);
  if (addresses.length === 0) return [required(field, "must contain at least 1 address")];
  if (isFqdn) return [];
  return addresses.flatMap((address, index) =>
    isAddress(address) ? [] : [invalid(`${field}[${index}]`, address, ADDRESS_RULE)],
  );
}
