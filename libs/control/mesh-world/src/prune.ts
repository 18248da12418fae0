import type { KubeObject, Pod, Secret } from "@bookmesh/kube-api";
import { omit } from "./omit.ts";

/** Drops what the mesh never reads and what changes without meaning, so that a store can compare contents. */
export function pruneObject<T extends KubeObject>(object: T): T {
  const { annotations, ...metadata } = omit(object.metadata, "managedFields", "resourceVersion");
  if (annotations === undefined) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, annotations: omit(annotations, LAST_APPLIED) } };
}

/** kubectl's copy of the whole object. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The same for kinds whose status is somebody else's business. */
export function pruneStatus<T extends KubeObject>(object: T): T {
  return pruneObject({ ...object, status: undefined });
}

/** Keeps of a Secret who it is and what it holds. */
export function pruneSecret({ apiVersion, kind, metadata, data }: Secret): Secret {
  const { name, namespace } = metadata;
  return { apiVersion, kind, metadata: dropUndefined({ name, namespace }), ...(data && { data }) };
}

/** Keeps of a pod who it is, where it runs and what it listens on. */
export function prunePod(pod: Pod): Pod {
  const { name, namespace, uid, labels, ownerReferences, deletionTimestamp } = pod.metadata;
  const { serviceAccountName, containers, initContainers, hostNetwork, nodeName } = pod.spec;
  const { phase, podIP, podIPs } = pod.status ?? {};
  return dropUndefined({
    apiVersion: pod.apiVersion,
    kind: pod.kind,
    metadata: dropUndefined({
      name,
      namespace,
      uid,
      labels,
      ownerReferences,
      deletionTimestamp,
    }),
    spec: dropUndefined({
      serviceAccountName,
      hostNetwork,
      nodeName,
      containers: containers.map(pruneContainer),
      initContainers: initContainers?.map(pruneContainer),
    }),
    status: dropUndefined({ phase, podIP, podIPs }),
  });
}

type PodContainer = Pod["spec"]["containers"][number];

function pruneContainer({ name, ports, restartPolicy }: PodContainer): PodContainer {
  return dropUndefined({ name, ports, restartPolicy });
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function dropUndefined<T extends object>(value: T): Defined<T> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  // The compiler cannot follow a filter over entries; what is left is what the type says.
  return Object.fromEntries(members) as Defined<T>;
}
