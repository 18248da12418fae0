import type { KubeObject } from "@bookmesh/kube-api";
import {
  equalJson,
  forbidden,
  invalid,
  objectOf,
  objectsOf,
  required,
  textOf,
  type FieldIssue,
  type JsonObject,
} from "@bookmesh/kube-model";
import { notNegative, oneOf, uniqueNames } from "./checks.ts";
import { containersIssues, nameIssues } from "./container-issues.ts";
import { labelIssues, problems } from "./metadata-issues.ts";
import { dnsSubdomain } from "./name-rules.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

const CHANGEABLE =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What is wrong with a pod. */
export function podIssues(pod: KubeObject): readonly FieldIssue[] {
  return podSpecIssues(objectOf(pod["spec"]), "spec");
}

/** What is wrong with a change of a pod: its spec is all but fixed. */
export function podChangeIssues(pod: KubeObject, previous: KubeObject): readonly FieldIssue[] {
  const next = objectOf(pod["spec"]);
  const before = objectOf(previous["spec"]);
  for (const list of ["containers", "initContainers"]) {
    if (objectsOf(next[list]).length !== objectsOf(before[list]).length) {
      return [forbidden(`spec.${list}`, "pod updates may not add or remove containers")];
    }
  }
  const isSame = equalJson(fixedPart(next, before), fixedPart(before, before));
  return isSame ? [] : [forbidden("spec", CHANGEABLE)];
}

/** What is wrong with the pod that a workload describes. */
export function templateIssues(template: JsonObject, field: string): readonly FieldIssue[] {
  const metadata = objectOf(template["metadata"]);
  const labels = Object.entries(objectOf(metadata["labels"])).map(
    ([key, value]) => [key, textOf(value)] as const,
  );
  return [
    ...labelIssues(Object.fromEntries(labels), `${field}.metadata.labels`),
    ...podSpecIssues(objectOf(template["spec"]), `${field}.spec`),
  ];
}

function podSpecIssues(spec: JsonObject, field: string): readonly FieldIssue[] {
  const containers = objectsOf(spec["containers"]);
  const volumes = objectsOf(spec["volumes"]);
  const names = volumes.map(({ name }) => textOf(name));
  const account = textOf(spec["serviceAccountName"]);
  return [
    ...volumes.flatMap((volume, index) => volumeIssues(volume, `${field}.volumes[${index}]`)),
    ...uniqueNames(names, (index) => `${field}.volumes[${index}].name`),
    ...(containers.length === 0 ? [required(`${field}.containers`)] : []),
    ...containersIssues(containers, `${field}.containers`, new Set(names)),
    ...containersIssues(objectsOf(spec["initContainers"]), `${field}.initContainers`, new Set(names)),
    ...oneOf(`${field}.restartPolicy`, spec["restartPolicy"], RESTART_POLICIES),
    ...oneOf(`${field}.dnsPolicy`, spec["dnsPolicy"], DNS_POLICIES),
    ...(account === "" ? [] : problems(`${field}.serviceAccountName`, account, dnsSubdomain)),
    ...notNegative(`${field}.terminationGracePeriodSeconds`, spec["terminationGracePeriodSeconds"]),
    ...deadlineIssues(spec["activeDeadlineSeconds"], `${field}.activeDeadlineSeconds`),
  ];
}

function volumeIssues(volume: JsonObject, field: string): readonly FieldIssue[] {
  const sources = Object.keys(volume).filter((key) => key !== "name");
  const extra = sources
    .slice(1)
    .map((source) => forbidden(`${field}.${source}`, "may not specify more than 1 volume type"));
  return [...nameIssues(volume["name"], `${field}.name`), ...extra];
}

function deadlineIssues(seconds: unknown, field: string): readonly FieldIssue[] {
  const isBad = typeof seconds === "number" && (seconds < 1 || seconds > 2 ** 31 - 1);
  return isBad ? [invalid(field, seconds, "must be between 1 and 2147483647, inclusive")] : [];
}

/** The spec without what may change; a node may be given once to a pod that has none. */
function fixedPart(spec: JsonObject, before: JsonObject): JsonObject {
  const withoutImages = (list: unknown) => objectsOf(list).map((container) => ({ ...container, image: "" }));
  return {
    ...spec,
    containers: withoutImages(spec["containers"]),
    initContainers: withoutImages(spec["initContainers"]),
    activeDeadlineSeconds: null,
    tolerations: null,
    nodeName: before["nodeName"] === undefined ? "" : spec["nodeName"],
  };
}
