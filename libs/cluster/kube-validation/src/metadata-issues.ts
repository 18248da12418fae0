import type { ObjectMeta } from "@bookmesh/kube-api";
import { invalid, required, type FieldIssue, type ResourceKind } from "@bookmesh/kube-model";
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  labelValue,
  pathSegment,
  qualifiedName,
  type NameRule,
} from "./name-rules.ts";

/** Kubernetes' limit for all annotations of an object together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;

/** Finalizers that need no domain before their name. */
const STANDARD_FINALIZERS = [
  "customresourcecleanup.apiextensions.k8s.io",
  "kubernetes",
  "orphan",
  "foregroundDeletion",
];

const NAME_RULES = {
  label: namespaceName,
  service: dns1035Label,
  subdomain: dnsSubdomain,
  path: pathSegment,
} as const satisfies Record<ResourceKind["nameRule"], NameRule>;

/** What is wrong with an object's metadata. */
export function metadataIssues(kind: ResourceKind, metadata: ObjectMeta): readonly FieldIssue[] {
  const rule = NAME_RULES[kind.nameRule];
  const { name, generateName = "", labels, annotations } = metadata;
  return [
    ...problems("metadata.generateName", generateName, (base) =>
      base === "" ? [] : rule(base.replace(/-$/, "a")),
    ),
    ...(name === ""
      ? [required("metadata.name", "name or generateName is required")]
      : problems("metadata.name", name, rule)),
    ...labelIssues(labels ?? {}, "metadata.labels"),
    ...annotationIssues(annotations ?? {}),
    ...ownerIssues(metadata.ownerReferences ?? []),
    ...(metadata.finalizers ?? []).flatMap(finalizerIssues),
  ];
}

/** What is wrong with labels, wherever they stand. */
export function labelIssues(labels: Readonly<Record<string, string>>, field: string): readonly FieldIssue[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...problems(field, key, qualifiedName),
    ...problems(field, value, labelValue),
  ]);
}

/** A rule's complaints about a text as issues of a field. */
export function problems(field: string, text: string, rule: NameRule): readonly FieldIssue[] {
  return rule(text).map((problem) => invalid(field, text, problem));
}

function namespaceName(name: string): readonly string[] {
  return name.includes(".") ? ["must not contain dots"] : dnsLabel(name);
}

function annotationIssues(annotations: Readonly<Record<string, string>>): readonly FieldIssue[] {
  const keys = Object.keys(annotations).flatMap((key) =>
    qualifiedName(key.toLowerCase()).map((problem) => invalid("metadata.annotations", key, problem)),
  );
  const bytes = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (bytes <= MAX_ANNOTATION_BYTES) return keys;
  const message = `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`;
  return [...keys, { reason: "FieldValueTooLong", field: "metadata.annotations", message }];
}

function ownerIssues(owners: NonNullable<ObjectMeta["ownerReferences"]>): readonly FieldIssue[] {
  const fields = ["apiVersion", "kind", "name", "uid"] as const;
  const missing = owners.flatMap((owner) =>
    fields
      .filter((field) => !owner[field])
      .map((field) => {
        const sentence = field === "apiVersion" ? "version must not be empty" : "must not be empty";
        return invalid(`metadata.ownerReferences.${field}`, "", sentence);
      }),
  );
  if (owners.filter(({ controller }) => controller === true).length <= 1) return missing;
  const sentence = "Only one reference can have Controller set to true";
  return [...missing, invalid("metadata.ownerReferences", owners, sentence)];
}

function finalizerIssues(finalizer: string, index: number): readonly FieldIssue[] {
  const field = `metadata.finalizers[${index}]`;
  const named = problems("metadata.finalizers", finalizer, qualifiedName);
  if (finalizer.includes("/") || STANDARD_FINALIZERS.includes(finalizer)) return named;
  const sentence = "name is neither a standard finalizer name nor is it fully qualified";
  return [...named, invalid(field, finalizer, sentence)];
}
