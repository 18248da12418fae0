import {
  duplicate,
  invalid,
  isObject,
  notFound,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { isPort, needed, notNegative, oneOf, PORT_RANGE, uniqueNames } from "./checks.ts";
import { problems } from "./metadata-issues.ts";
import { dnsLabel, envName, portName } from "./name-rules.ts";
import { quantityOf } from "./quantity.ts";

/** Protocols of ports, as messages list them. */
export const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];

const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];
const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc"];
const PROBE_NUMBERS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
];

/** What is wrong with the containers of a pod; `volumes` are the names that they may mount. */
export function containersIssues(
  containers: readonly JsonObject[],
  field: string,
  volumes: ReadonlySet<string>,
): readonly FieldIssue[] {
  const names = containers.map(({ name }) => textOf(name));
  return containers.flatMap((container, index) => [
    ...nameIssues(container["name"], `${field}[${index}].name`),
    ...(names.indexOf(names[index] ?? "") < index
      ? [duplicate(`${field}[${index}].name`, names[index])]
      : []),
    ...containerIssues(container, `${field}[${index}]`, volumes),
  ]);
}

/** A DNS label that must be there. */
export function nameIssues(name: unknown, field: string): readonly FieldIssue[] {
  return textOf(name) === "" ? [required(field)] : problems(field, textOf(name), dnsLabel);
}

function containerIssues(
  container: JsonObject,
  field: string,
  volumes: ReadonlySet<string>,
): readonly FieldIssue[] {
  return [
    ...imageIssues(container["image"], `${field}.image`),
    ...portsIssues(objectsOf(container["ports"]), `${field}.ports`),
    ...objectsOf(container["env"]).flatMap((variable, index) =>
      variableIssues(variable, `${field}.env[${index}]`),
    ),
    ...objectsOf(container["volumeMounts"]).flatMap((mount, index) =>
      mountIssues(mount, `${field}.volumeMounts[${index}]`, volumes),
    ),
    ...oneOf(`${field}.imagePullPolicy`, container["imagePullPolicy"], PULL_POLICIES),
    ...resourceIssues(objectOf(container["resources"]), `${field}.resources`),
    ...PROBES.flatMap((probe) => probeIssues(container[probe], `${field}.${probe}`)),
  ];
}

function imageIssues(image: unknown, field: string): readonly FieldIssue[] {
  const text = textOf(image);
  if (text === "") return [required(field)];
  return text.trim() === text ? [] : [invalid(field, text, "must not have leading or trailing whitespace")];
}

function portsIssues(ports: readonly JsonObject[], field: string): readonly FieldIssue[] {
  const names = ports.map(({ name }) => textOf(name));
  return [
    ...ports.flatMap((port, index) => portIssues(port, `${field}[${index}]`)),
    ...uniqueNames(names, (index) => `${field}[${index}].name`),
  ];
}

function portIssues(port: JsonObject, field: string): readonly FieldIssue[] {
  const { name, containerPort, hostPort, protocol } = port;
  const number =
    containerPort === undefined || containerPort === 0
      ? [required(`${field}.containerPort`)]
      : portRange(`${field}.containerPort`, containerPort);
  return [
    ...(textOf(name) === "" ? [] : problems(`${field}.name`, textOf(name), portName)),
    ...number,
    ...(hostPort === undefined || hostPort === 0 ? [] : portRange(`${field}.hostPort`, hostPort)),
    ...oneOf(`${field}.protocol`, protocol, PROTOCOLS),
  ];
}

function portRange(field: string, value: unknown): readonly FieldIssue[] {
  return isPort(value) ? [] : [invalid(field, value, PORT_RANGE)];
}

function variableIssues(variable: JsonObject, field: string): readonly FieldIssue[] {
  const name = textOf(variable["name"]);
  const named = name === "" ? [required(`${field}.name`)] : problems(`${field}.name`, name, envName);
  if (!isObject(variable["valueFrom"]) || textOf(variable["value"]) === "") return named;
  return [...named, invalid(`${field}.valueFrom`, "", "may not be specified when `value` is not empty")];
}

function mountIssues(mount: JsonObject, field: string, volumes: ReadonlySet<string>): readonly FieldIssue[] {
  const name = textOf(mount["name"]);
  return [
    ...needed(`${field}.name`, mount["name"]),
    ...(name === "" || volumes.has(name) ? [] : [notFound(`${field}.name`, name)]),
    ...needed(`${field}.mountPath`, mount["mountPath"]),
  ];
}

function resourceIssues({ limits, requests }: JsonObject, field: string): readonly FieldIssue[] {
  return [
    ...quantityIssues(objectOf(limits), `${field}.limits`),
    ...quantityIssues(objectOf(requests), `${field}.requests`),
    ...Object.entries(objectOf(requests)).flatMap(([name, request]) => {
      const limit = objectOf(limits)[name];
      const isAbove =
        (quantityOf(textOf(request)) ?? 0) > (quantityOf(textOf(limit)) ?? Number.POSITIVE_INFINITY);
      const rule = `must be less than or equal to ${name} limit of ${textOf(limit)}`;
      return isAbove ? [invalid(`${field}.requests`, request, rule)] : [];
    }),
  ];
}

function quantityIssues(quantities: JsonObject, field: string): readonly FieldIssue[] {
  return Object.entries(quantities).flatMap(([name, quantity]) =>
    (quantityOf(textOf(quantity)) ?? 0) < 0
      ? [invalid(`${field}[${name}]`, quantity, "must be greater than or equal to 0")]
      : [],
  );
}

function probeIssues(probe: unknown, field: string): readonly FieldIssue[] {
  if (!isObject(probe)) return [];
  const handlers = HANDLERS.filter((handler) => probe[handler] !== undefined);
  return [
    ...(handlers.length === 0 ? [required(field, "must specify a handler type")] : []),
    ...PROBE_NUMBERS.flatMap((number) => notNegative(`${field}.${number}`, probe[number])),
    ...handlers.flatMap((handler) => handlerPort(objectOf(probe[handler]), `${field}.${handler}`)),
  ];
}

function handlerPort({ port }: JsonObject, field: string): readonly FieldIssue[] {
  if (port === undefined || isPort(port)) return [];
  if (typeof port === "string") return problems(`${field}.port`, port, portName);
  return [invalid(`${field}.port`, port, PORT_RANGE)];
}
