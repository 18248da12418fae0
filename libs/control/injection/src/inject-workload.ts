import type { KubeObject, ObjectMeta, Pod } from "@bookmesh/kube-api";
import { injectSidecar, type InjectionSettings } from "./inject-sidecar.ts";

/** What becomes of a manifest that is given its sidecars outside of the cluster. */
export interface InjectedWorkload {
  /** The very same object where nothing changed. */
  readonly object: KubeObject;
  /** Why pods get no sidecar, and what of their annotations changes nothing; sentences. */
  readonly notes: readonly string[];
  /** Why pods cannot have what they ask for; sentences. */
  readonly problems: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Where each kind keeps the template of its pods. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Deployment: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  ReplicationController: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

/**
 * Gives the pods of a workload, a Pod, or each member of a List their sidecars; other objects stay as they are.
 *
 * `settings.namespace` counts for objects that name none.
 */
export function injectWorkload(object: KubeObject, settings: InjectionSettings): InjectedWorkload {
  if (object.kind === "List") return injectList(object, settings);
  const { kind, metadata } = object;
  const here = { ...settings, namespace: metadata.namespace ?? settings.namespace };
  if (kind === "Pod") return injectPod(object as Pod, here, `Pod ${metadata.name}`);
  const template = valueAt(object, TEMPLATES[kind] ?? []);
  return TEMPLATES[kind] && isRecord(template)
    ? injectTemplate(object, template, here)
    : withoutRemarks(object);
}

function injectList(list: KubeObject, settings: InjectionSettings): InjectedWorkload {
  const { items = [] } = list as { readonly items?: readonly KubeObject[] };
  const injected = items.map((item) => injectWorkload(item, settings));
  const isSame = injected.every(({ object }, index) => object === items[index]);
  const members = { items: injected.map(({ object }) => object) };
  return {
    object: isSame ? list : { ...list, ...members },
    notes: injected.flatMap(({ notes }) => notes),
    problems: injected.flatMap(({ problems }) => problems),
  };
}

/** A template is a pod of its workload, as far as an injection can tell. */
function injectTemplate(workload: KubeObject, template: Json, settings: InjectionSettings): InjectedWorkload {
  const { apiVersion, kind, metadata } = workload;
  const own = (template["metadata"] ?? {}) as Partial<ObjectMeta>;
  const ownerReferences = [{ apiVersion, kind, name: metadata.name, uid: "", controller: true }];
  const { spec } = template as Pick<Pod, "spec">; // the API server checks it later
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...own, name: metadata.name, ownerReferences },
    spec,
  };
  const outcome = injectPod(pod, settings, `${kind} ${metadata.name}`);
  if (outcome.object === pod) return { ...outcome, object: workload };
  const injected = outcome.object as Pod; // of a pod comes a pod
  const { labels, annotations } = injected.metadata;
  const changed = { ...template, metadata: { ...own, labels, annotations }, spec: injected.spec };
  return { ...outcome, object: withValueAt(workload, TEMPLATES[kind] ?? [], changed) };
}

function injectPod(pod: Pod, settings: InjectionSettings, name: string): InjectedWorkload {
  const injection = injectSidecar(pod, settings);
  switch (injection.outcome) {
    case "injected":
      return {
        ...withoutRemarks(injection.pod),
        notes: injection.warnings.map((warning) => `${name}: ${warning}`),
      };
    case "refused":
      return { ...withoutRemarks(pod), problems: [`${name}: ${injection.problem}`] };
    case "skipped":
      return {
        ...withoutRemarks(pod),
        notes: injection.isSurprising ? [`${name}: ${injection.reason}`] : [],
      };
  }
}

function withoutRemarks(object: KubeObject): InjectedWorkload {
  return { object, notes: [], problems: [] };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, field) => (isRecord(inner) ? inner[field] : undefined), value);
}

function withValueAt<Whole extends object>(whole: Whole, path: readonly string[], value: unknown): Whole {
  const [field, ...rest] = path;
  if (field === undefined) return value as Whole; // the end of the path: what stands there
  const inner = (whole as Json)[field] as object; // `valueAt` has walked the same path
  return { ...whole, [field]: withValueAt(inner, rest, value) };
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
