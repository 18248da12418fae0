import { ApiError, forbidden, notFound, qualified } from "@bookmesh/cluster-api";
import { RESOURCES, type KubeObject } from "@bookmesh/kube-api";
import type { AdmissionAttempt, ObjectStore } from "@bookmesh/registry";

/** Namespaces that a cluster cannot be without. */
const IMMORTAL = ["default", "kube-system", "kube-public"];

/** Refuses objects in namespaces that do not exist or are going away, and the deletion of those that must stay. */
export function checkNamespaceLifecycle(store: ObjectStore, attempt: AdmissionAttempt): void {
  const { kind, operation, namespace, name } = attempt;
  if (kind.kind === "Namespace" && operation === "DELETE" && IMMORTAL.includes(name)) {
    throw forbidden(kind, name, "this namespace may not be deleted");
  }
  if (namespace === undefined || operation !== "CREATE") return;
  const home = store.get(RESOURCES.namespaces, { name: namespace });
  if (home === undefined) throw notFound(RESOURCES.namespaces, namespace);
  if (isTerminating(home)) throw terminating(attempt, namespace);
}

function isTerminating({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function terminating({ kind, name }: AdmissionAttempt, namespace: string): ApiError {
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: "NamespaceTerminating",
    message: `namespace ${namespace} is being terminated`,
    field: "metadata.namespace",
  };
  return new ApiError({
    code: 403,
    reason: "Forbidden",
    message: `${qualified(kind, name)} is forbidden: ${why}`,
    details: {
      name,
      ...(kind.group === "" ? {} : { group: kind.group }),
      kind: kind.plural,
      causes: [cause],
    },
  });
}
