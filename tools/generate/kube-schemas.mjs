// Writes libs/cluster/kube-schema/src/generated/kube-definitions.json: the structure of the Kubernetes kinds that the
// local cluster serves, without their prose.
//
//   node tools/generate/kube-schemas.mjs <directory>
//
// The directory holds OpenAPI v3 documents of a Kubernetes API server, one file a group and version
// (`kubectl get --raw /openapi/v3/apis/apps/v1 > apps_v1.json`). Definitions that no kind of ROOTS reaches are left out.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CORE = "io.k8s.api.core.v1";
const RBAC = "io.k8s.api.rbac.v1";
const ROOTS = [
  ...[
    "Namespace",
    "Node",
    "Pod",
    "Service",
    "Endpoints",
    "ConfigMap",
    "Secret",
    "ServiceAccount",
    "Event",
  ].map((kind) => `${CORE}.${kind}`),
  "io.k8s.api.events.v1.Event",
  "io.k8s.api.discovery.v1.EndpointSlice",
  ...["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ControllerRevision"].map(
    (kind) => `io.k8s.api.apps.v1.${kind}`,
  ),
  "io.k8s.api.batch.v1.CronJob",
  "io.k8s.api.batch.v1.Job",
  "io.k8s.api.networking.v1.NetworkPolicy",
  "io.k8s.api.scheduling.v1.PriorityClass",
  "io.k8s.api.autoscaling.v1.Scale",
  "io.k8s.api.coordination.v1.Lease",
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition",
  "io.k8s.api.admissionregistration.v1.MutatingWebhookConfiguration",
  "io.k8s.api.admissionregistration.v1.ValidatingWebhookConfiguration",
  ...["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"].map((kind) => `${RBAC}.${kind}`),
  "io.k8s.api.policy.v1.PodDisruptionBudget",
  "io.k8s.api.authentication.v1.TokenReview",
  "io.k8s.api.authentication.v1.TokenRequest",
  "io.k8s.api.authorization.v1.SubjectAccessReview",
  "io.k8s.api.authorization.v1.SelfSubjectAccessReview",
  "io.k8s.api.authorization.v1.SelfSubjectRulesReview",
  "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
];
const PREFIX = "#/components/schemas/";
const KEPT = [
  "type",
  "required",
  "format",
  "enum",
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-map-type",
  "x-kubernetes-patch-strategy",
  "x-kubernetes-patch-merge-key",
  "x-kubernetes-group-version-kind",
];
/** Definitions whose structure OpenAPI does not tell. */
const BY_HAND = {
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { "x-kubernetes-int-or-string": true },
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { format: "quantity" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
  },
  "io.k8s.apimachinery.pkg.runtime.RawExtension": {
    type: "object",
    "x-kubernetes-preserve-unknown-fields": true,
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": {
    "x-kubernetes-preserve-unknown-fields": true,
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": {
    anyOf: [
      { type: "boolean" },
      { $ref: "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps" },
    ],
  },
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": {
    "x-kubernetes-preserve-unknown-fields": true,
  },
};
/** Definitions that stand for another one: CRDs may not use `items` as a list. */
const ALIASES = {
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray":
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps",
};

const directory = process.argv[2];
if (directory === undefined) throw new Error("Say which directory holds the OpenAPI v3 documents.");
const sources = {};
for (const file of readdirSync(directory).filter((name) => name.endsWith(".json"))) {
  Object.assign(sources, JSON.parse(readFileSync(join(directory, file), "utf8")).components.schemas);
}

const definitions = {};
const queue = [...ROOTS];
for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
  if (definitions[name] !== undefined) continue;
  const source = sources[name];
  if (source === undefined && BY_HAND[name] === undefined) throw new Error(`No document defines ${name}.`);
  definitions[name] = structureOf(BY_HAND[name] ?? source);
  queue.push(...referencesIn(definitions[name]));
}

const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
const target = join(
  import.meta.dirname,
  "../../libs/cluster/kube-schema/src/generated/kube-definitions.json",
);
const lines = Object.entries(sorted).map(
  ([name, schema]) => `${JSON.stringify(name)}:${JSON.stringify(schema)}`,
);
writeFileSync(target, `{\n${lines.join(",\n")}\n}\n`);

/** The schema without prose, `$ref`s shortened to the definition's name, wrappers of one reference unwrapped. */
function structureOf(source) {
  if (typeof source.$ref === "string") {
    const name = source.$ref.replace(PREFIX, "");
    return { $ref: ALIASES[name] ?? name };
  }
  if (source.allOf?.length === 1) {
    const marks = Object.fromEntries(KEPT.filter((key) => key in source).map((key) => [key, source[key]]));
    return { ...structureOf(source.allOf[0]), ...marks };
  }
  const result = {};
  for (const key of KEPT) if (source[key] !== undefined) result[key] = source[key];
  if (Array.isArray(result["x-kubernetes-group-version-kind"])) {
    const own = result["x-kubernetes-group-version-kind"];
    if (own.length > 1) delete result["x-kubernetes-group-version-kind"];
  }
  // Other defaults are what is absent anyway; this one can be part of a list entry's key.
  if (typeof source.default === "string" && source.default !== "") result.default = source.default;
  for (const key of Object.keys(source)) {
    if (key.startsWith("x-kubernetes-preserve") || key === "x-kubernetes-int-or-string")
      result[key] = source[key];
  }
  if (source.anyOf) result.anyOf = source.anyOf.map(structureOf);
  if (source.items) result.items = structureOf(source.items);
  if (typeof source.additionalProperties === "object") {
    result.additionalProperties = structureOf(source.additionalProperties);
  }
  if (source.properties) {
    result.properties = Object.fromEntries(
      Object.entries(source.properties).map(([name, property]) => [name, structureOf(property)]),
    );
  }
  return result;
}

function referencesIn(value) {
  if (typeof value !== "object" || value === null) return [];
  if (typeof value.$ref === "string") return [value.$ref];
  return Object.values(value).flatMap(referencesIn);
}
