import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import {
  endpointsDefaults,
  namespaceDefaults,
  podDefaults,
  secretDefaults,
  serviceDefaults,
} from "@bookmesh/kube-defaults";
import {
  CONFIG_MAP_PRINTER,
  ENDPOINTS_PRINTER,
  EVENT_PRINTER,
  NAMESPACE_PRINTER,
  NODE_PRINTER,
  POD_PRINTER,
  SECRET_PRINTER,
  SERVICE_ACCOUNT_PRINTER,
  SERVICE_PRINTER,
} from "@bookmesh/kube-printing";
import {
  configMapIssues,
  dataChangeIssues,
  podChangeIssues,
  podIssues,
  secretChangeIssues,
  secretIssues,
  serviceChangeIssues,
  serviceIssues,
} from "@bookmesh/kube-validation";
import { at, objectOf, textOf } from "@bookmesh/kube-model";
import { STORED_VERBS, type Row } from "./row.ts";

const CORE = "io.k8s.api.core.v1";

/** The kinds of the core group. */
export const CORE_ROWS: readonly Row[] = [
  {
    ref: RESOURCES.configMaps,
    definition: `${CORE}.ConfigMap`,
    printer: CONFIG_MAP_PRINTER,
    shortNames: ["cm"],
    rules: { validate: configMapIssues, validateUpdate: dataChangeIssues },
  },
  {
    ref: RESOURCES.endpoints,
    definition: `${CORE}.Endpoints`,
    printer: ENDPOINTS_PRINTER,
    shortNames: ["ep"],
    rules: { defaults: endpointsDefaults },
    deprecation: "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
  },
  {
    ref: RESOURCES.events,
    definition: `${CORE}.Event`,
    printer: EVENT_PRINTER,
    shortNames: ["ev"],
    selectableFields: eventFields("involvedObject", "source"),
  },
  {
    ref: RESOURCES.namespaces,
    definition: `${CORE}.Namespace`,
    printer: NAMESPACE_PRINTER,
    shortNames: ["ns"],
    verbs: STORED_VERBS.filter((verb) => verb !== "deletecollection"),
    subresources: ["finalize", "status"],
    nameRule: "label",
    selectableFields: { "status.phase": text("status", "phase") },
    rules: { defaults: namespaceDefaults },
  },
  {
    ref: RESOURCES.nodes,
    definition: `${CORE}.Node`,
    printer: NODE_PRINTER,
    shortNames: ["no"],
    subresources: ["status"],
    selectableFields: { "spec.unschedulable": flag("spec", "unschedulable") },
  },
  {
    ref: RESOURCES.pods,
    definition: `${CORE}.Pod`,
    printer: POD_PRINTER,
    shortNames: ["po"],
    categories: ["all"],
    subresources: ["status", "log", "exec", "portforward", "eviction"],
    hasGeneration: true,
    selectableFields: {
      "spec.nodeName": text("spec", "nodeName"),
      "spec.restartPolicy": text("spec", "restartPolicy"),
      "spec.schedulerName": text("spec", "schedulerName"),
      "spec.serviceAccountName": text("spec", "serviceAccountName"),
      "spec.hostNetwork": flag("spec", "hostNetwork"),
      "status.phase": text("status", "phase"),
      "status.podIP": text("status", "podIP"),
      "status.nominatedNodeName": text("status", "nominatedNodeName"),
    },
    rules: { defaults: podDefaults, validate: podIssues, validateUpdate: podChangeIssues },
  },
  {
    ref: RESOURCES.secrets,
    definition: `${CORE}.Secret`,
    printer: SECRET_PRINTER,
    selectableFields: { type: text("type") },
    rules: { defaults: secretDefaults, validate: secretIssues, validateUpdate: secretChangeIssues },
  },
  {
    ref: RESOURCES.serviceAccounts,
    definition: `${CORE}.ServiceAccount`,
    printer: SERVICE_ACCOUNT_PRINTER,
    shortNames: ["sa"],
    subresources: ["token"],
  },
  {
    ref: RESOURCES.services,
    definition: `${CORE}.Service`,
    printer: SERVICE_PRINTER,
    shortNames: ["svc"],
    categories: ["all"],
    subresources: ["status"],
    nameRule: "service",
    selectableFields: { "spec.clusterIP": text("spec", "clusterIP"), "spec.type": text("spec", "type") },
    rules: { defaults: serviceDefaults, validate: serviceIssues, validateUpdate: serviceChangeIssues },
  },
];

/** The selectable fields of an event, whose object and source have another name in each of the two groups. */
export function eventFields(
  subject: string,
  source: string,
): Readonly<Record<string, (object: KubeObject) => string>> {
  const fields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];
  return {
    ...Object.fromEntries(fields.map((field) => [`${subject}.${field}`, text(subject, field)])),
    reason: text("reason"),
    reportingComponent: (event) => textOf(event["reportingComponent"] ?? event["reportingController"]),
    source: (event) => textOf(objectOf(event[source])["component"]),
    type: text("type"),
  };
}

function text(...path: readonly string[]): (object: KubeObject) => string {
  return (object) => textOf(at(object, ...path));
}

function flag(...path: readonly string[]): (object: KubeObject) => string {
  return (object) => `${at(object, ...path) === true}`;
}
