import type { KubeObject } from "@bookmesh/kube-api";
import {
  duplicate,
  forbidden,
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
import { ADDRESS_RULE, isAddress, isPort, oneOf, PORT_RANGE, uniqueNames } from "./checks.ts";
import { PROTOCOLS } from "./container-issues.ts";
import { labelIssues, problems } from "./metadata-issues.ts";
import { dnsLabel, dnsSubdomain, portName } from "./name-rules.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

/** What is wrong with a Service. */
export function serviceIssues(service: KubeObject): readonly FieldIssue[] {
  const spec = objectOf(service["spec"]);
  const type = textOf(spec["type"]);
  const ports = objectsOf(spec["ports"]);
  const isHeadless = spec["clusterIP"] === "None";
  return [
    ...(ports.length === 0 && type !== "ExternalName" && !isHeadless ? [required("spec.ports")] : []),
    ...(type === "ExternalName" ? externalNameIssues(textOf(spec["externalName"])) : []),
    ...ports.flatMap((port, index) =>
      portIssues(port, { field: `spec.ports[${index}]`, isOnly: ports.length === 1 }),
    ),
    ...uniqueNames(
      ports.map(({ name }) => textOf(name)),
      (index) => `spec.ports[${index}].name`,
    ),
    ...selectorIssues(spec["selector"]),
    ...oneOf("spec.sessionAffinity", spec["sessionAffinity"], ["ClientIP", "None"]),
    ...addressIssues(spec),
    ...oneOf("spec.type", type, TYPES),
    ...(type === "ClusterIP" ? ports.flatMap(unusedNodePort) : []),
    ...samePortIssues(ports),
    ...oneOf("spec.internalTrafficPolicy", spec["internalTrafficPolicy"], ["Cluster", "Local"]),
    ...oneOf("spec.externalTrafficPolicy", spec["externalTrafficPolicy"], ["Cluster", "Local"]),
  ];
}

/** A cluster IP stays what it is, as long as the service has one. */
export function serviceChangeIssues(service: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  const next = objectOf(service["spec"]);
  const before = objectOf(previous["spec"]);
  if (next["type"] === "ExternalName" || before["type"] === "ExternalName") return [];
  const was = textOf(before["clusterIP"]);
  const is = textOf(next["clusterIP"]);
  if (was === "" || was === is) return [];
  return [invalid("spec.clusterIPs[0]", [is], "may not change once set")];
}

function externalNameIssues(name: string): readonly FieldIssue[] {
  if (name === "") return [required("spec.externalName")];
  return problems("spec.externalName", name.replace(/\.$/, ""), dnsSubdomain);
}

function portIssues(
  port: JsonObject,
  { field, isOnly }: { readonly field: string; readonly isOnly: boolean },
): readonly FieldIssue[] {
  const name = textOf(port["name"]);
  const nodePort = port["nodePort"];
  return [
    ...(name === ""
      ? isOnly
        ? []
        : [required(`${field}.name`)]
      : problems(`${field}.name`, name, dnsLabel)),
    ...(isPort(port["port"]) ? [] : [invalid(`${field}.port`, port["port"] ?? 0, PORT_RANGE)]),
    ...oneOf(`${field}.protocol`, port["protocol"], PROTOCOLS),
    ...targetIssues(port["targetPort"], `${field}.targetPort`),
    ...(nodePort === undefined || nodePort === 0 || isPort(nodePort)
      ? []
      : [invalid(`${field}.nodePort`, nodePort, PORT_RANGE)]),
  ];
}

function targetIssues(target: unknown, field: string): readonly FieldIssue[] {
  if (typeof target === "string") return problems(field, target, portName);
  return isPort(target) ? [] : [invalid(field, target ?? 0, PORT_RANGE)];
}

function selectorIssues(selector: unknown): readonly FieldIssue[] {
  if (!isObject(selector)) return [];
  const labels = Object.entries(selector).map(([key, value]) => [key, textOf(value)] as const);
  return labelIssues(Object.fromEntries(labels), "spec.selector");
}

function addressIssues(spec: JsonObject): readonly FieldIssue[] {
  const clusterIp = textOf(spec["clusterIP"]);
  const isGood = clusterIp === "" || clusterIp === "None" || isAddress(clusterIp);
  return [
    ...(isGood ? [] : [invalid("spec.clusterIPs[0]", clusterIp, ADDRESS_RULE)]),
    ...listOf(spec["externalIPs"]).flatMap((address, index) =>
      isAddress(textOf(address)) ? [] : [invalid(`spec.externalIPs[${index}]`, address, ADDRESS_RULE)],
    ),
  ];
}

function unusedNodePort(port: JsonObject, index: number): readonly FieldIssue[] {
  if (port["nodePort"] === undefined || port["nodePort"] === 0) return [];
  return [forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'")];
}

/** The same number and protocol twice cannot be told apart. */
function samePortIssues(ports: readonly JsonObject[]): readonly FieldIssue[] {
  const keys = ports.map(({ port, protocol }) => JSON.stringify([port, protocol]));
  return ports.flatMap(({ port, protocol }, index) =>
    keys.indexOf(keys[index] ?? "") < index ? [duplicate(`spec.ports[${index}]`, { port, protocol })] : [],
  );
}
